import { readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { ConfigError } from "@semblance/core";
import { Option } from "commander";
import { isPath } from "../job/load-plugins.js";
import { type Override, parseOverride } from "../job/overrides.js";

/** Reads an option's whole number. */
const wholeNumber = (flag: string, least: number) => (text: string) => {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new ConfigError("OPTION_INVALID", `${flag} takes a whole number from ${least}, not "${text}"`, {
    where: flag,
    fix: `Write ${flag} ${Math.max(least, 3)}, for example.`,
  });
};

export const numberOption = (flags: string, description: string, least: number) =>
  new Option(flags, description).argParser(wholeNumber(flags.split(" ")[0]!, least));

export const setOption = () =>
  new Option(
    "--set <key=value...>",
    "sets a key of the job, such as optimizer.learningRate=0.01 or loss.distance=manhattan",
  )
    .argParser((text: string, earlier: readonly Override[] | undefined) => [...(earlier ?? []), parseOverride(text)])
    .default([], "none");

export const pluginOption = () =>
  new Option(
    "--plugin <package>",
    "an installed npm package with further losses, models, …, or . for the one here; once for each",
  )
    .argParser((asked: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), nameOf(asked)])
    .default([], "none");

/** The name of the package around the working folder where its path is given: a run remembers plugins by their names. */
function nameOf(asked: string): string {
  if (!isPath(asked)) return asked;
  const folder = resolve(asked);
  const away = relative(folder, process.cwd());
  let name: unknown;
  try {
    ({ name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown });
  } catch {
    // No package: said below.
  }
  if (typeof name === "string" && !isAbsolute(away) && away.split(sep)[0] !== "..") return name;
  throw new ConfigError(
    "OPTION_INVALID",
    typeof name === "string"
      ? "a package in another folder is named, not pointed at"
      : "no package lies in that folder",
    {
      where: `--plugin ${asked}`,
      fix:
        typeof name === "string"
          ? `Install it here: npm install ${asked}; then --plugin ${name}.`
          : "Name an installed package, or . from inside a package's folder.",
    },
  );
}

export const backendOption = () =>
  new Option("--backend <name>", "what runs the numbers; `semblance doctor` lists them");
