import { ConfigError } from "@semblance/core";
import { Option } from "commander";
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
  new Option("--set <key=value...>", "sets a key of the job, such as optimizer.learningRate=0.01")
    .argParser((text: string, earlier: readonly Override[] | undefined) => [...(earlier ?? []), parseOverride(text)])
    .default([], "none");

export const pluginOption = () =>
  new Option("--plugin <package>", "an installed npm package with further losses, models, …; once for each")
    .argParser((name: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), name])
    .default([], "none");

export const backendOption = () =>
  new Option("--backend <name>", "what runs the numbers; `semblance doctor` lists them");
