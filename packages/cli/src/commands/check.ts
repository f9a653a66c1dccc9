import { relative, resolve } from "node:path";
import { CATALOGUE, type Catalogue, ConfigError, PluginError, reportBackend } from "@semblance/core";
import pc from "picocolors";
import { type CheckResult, runChecks } from "../check/run-checks.js";
import { compose } from "../compose.js";
import { isPath, locatePlugin } from "../job/load-plugins.js";
import { type InstalledPackage, packageAround, packageAt } from "../job/resolve-package.js";
import { DONE, FAILED } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { numberOption } from "./options.js";

/** Backends to check on where none is named: the judge, the default, and what a browser has. */
const DEFAULT_BACKENDS = ["reference", "ort", "tfjs/wasm"];

interface CheckOptions {
  readonly backend: readonly string[];
  readonly only: readonly string[];
  readonly timeLimit: number;
}

/** `semblance check PACKAGE` */
export const addCheck: AddCommand = (program, start) => {
  const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
  program
    .command("check")
    .description("runs the conformance suite on an installed plugin, in a process of its own")
    .argument("<package>", "an npm package that is installed here; or the folder of one, such as .")
    .option(
      "--backend <name>",
      "a backend to run on, once for each; reference, ort and tfjs/wasm by default",
      collect,
      [],
    )
    .option("--only <group>", "checks of this group alone, once for each, such as 'loss my/loss'", collect, [])
    .addOption(numberOption("--time-limit <seconds>", "how long one check may take", 1).default(60))
    .action((name: string, options: CheckOptions) => start((context) => check(name, options, context)));
};

async function check(asked: string, options: CheckOptions, { terminal, settings }: Context): Promise<number> {
  const located = await locate(asked);
  const { name, version } = located.manifest as { readonly name: string; readonly version?: string };
  const backends = await backendsOf(options.backend, (note) => terminal.err(`${note}\n`));
  const printer = new Printer({ out: terminal.out, color: settings.color && terminal.colors.out });
  const title = `${name} ${version ?? "without a version"}`;
  if (!settings.json) terminal.out(`${title}, on ${backends.join(", ")}\n`);
  const stop = new AbortController();
  const ignore = terminal.onInterrupt(() => stop.abort());
  let results: readonly CheckResult[];
  try {
    results = await runChecks(
      { name, root: located.root, backends, only: options.only },
      {
        timeLimitSeconds: options.timeLimit,
        signal: stop.signal,
        onResult: settings.json ? () => {} : printer.show,
        ...(settings.debug ? { onDiagnostics: terminal.err } : {}),
      },
    );
  } finally {
    ignore();
  }
  const count = (status: CheckResult["status"]) => results.filter((result) => result.status === status).length;
  const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
  const interrupted = stop.signal.aborted;
  if (settings.json) {
    const document = { package: name, version, backends, passed, failed, skipped, interrupted, checks: results };
    terminal.out(`${JSON.stringify(document)}\n`);
  } else {
    terminal.out(`\n${passed} passed, ${failed} failed, ${skipped} skipped${interrupted ? ", interrupted" : ""}\n`);
  }
  return failed === 0 && !interrupted ? DONE : FAILED;
}

/** @throws PluginError PLUGIN_NAME_INVALID, PLUGIN_NOT_FOUND */
async function locate(asked: string): Promise<InstalledPackage> {
  const folder = isPath(asked) ? resolve(asked) : undefined;
  if (folder === undefined) return await locatePlugin(asked, process.cwd());
  const found = await packageAt(folder).catch(() => undefined);
  if (typeof found?.manifest.name === "string") return found;
  const around = await packageAround(folder);
  throw new PluginError("PLUGIN_NOT_FOUND", `no package lies in ${folder}`, {
    where: `semblance check ${asked}`,
    fix:
      typeof around?.manifest.name === "string"
        ? `It belongs to ${around.manifest.name}: semblance check ${relative(process.cwd(), around.root) || "."}.`
        : "Name the folder that has the package.json, or an installed package.",
  });
}

/** The backends that are named, or those of the default ones that can be had; `tell` is told of the others. */
async function backendsOf(asked: readonly string[], tell: (note: string) => void): Promise<readonly string[]> {
  const catalogue = compose().resolve<Catalogue>(CATALOGUE);
  const repeated = asked.find((name, index) => asked.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new ConfigError("OPTION_INVALID", `--backend names "${repeated}" twice`, {
      where: "--backend",
      fix: "Name each once.",
    });
  }
  for (const name of asked) catalogue.get("backend", name, "--backend");
  if (asked.length > 0) return asked;
  const available: string[] = [];
  // One after the other: runtimes that are loaded at the same time share global state of their own.
  for (const name of DEFAULT_BACKENDS) {
    const report = await reportBackend(catalogue.get("backend", name));
    if (report.available) available.push(name);
    else tell(`not on ${name}: ${report.reason}`);
  }
  return available;
}

/** A heading for each group, a line for each check, and under one that failed what, where and what to do. */
class Printer {
  #group: string | undefined;
  readonly #colors: ReturnType<typeof pc.createColors>;

  constructor(private readonly options: { readonly out: (text: string) => void; readonly color: boolean }) {
    this.#colors = pc.createColors(options.color);
  }

  readonly show = ({ group, title, status, failure, reason }: CheckResult): void => {
    const { bold, dim, green, red } = this.#colors;
    const lines = group === this.#group ? [] : ["", bold(group)];
    this.#group = group;
    if (status === "passed") lines.push(`  ${green("✓")} ${title}`);
    else if (status === "skipped") lines.push(`  ${dim(`– ${title} (skipped: ${reason})`)}`);
    else {
      const { code, message, where, fix } = failure!;
      lines.push(`  ${red("✗")} ${title}`, `      ${red(`error[${code}]`)}: ${message}`);
      if (where !== undefined) lines.push(`        ${bold("where:")} ${where}`);
      if (fix !== undefined) lines.push(`        ${bold("fix:")} ${fix}`);
    }
    this.options.out(`${lines.join("\n")}\n`);
  };
}
