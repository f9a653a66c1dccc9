import { join, resolve } from "node:path";
import { ConfigError } from "@semblance/core";
import { PLANE_METHODS, type PlaneMethod } from "@semblance/eval";
import { Option } from "commander";
import { loadPlugins } from "../job/load-plugins.js";
import { loadRows } from "../run/load-data.js";
import { openRun, trainedOf } from "../run/open-run.js";
import { reportAgain } from "../run/report-again.js";
import { DONE } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, pluginOption } from "./options.js";
import { warnOfFailure } from "./warn-of-failure.js";

interface ReportOptions {
  readonly backend?: string;
  readonly projections: readonly PlaneMethod[];
  readonly plugin: readonly string[];
}

/** `semblance report RUN` */
export const addReport: AddCommand = (program, start) => {
  program
    .command("report")
    .description("writes report.html into the run folder: one file that needs nothing else")
    .argument("<run>", "a run folder")
    .addOption(
      new Option(
        "--projections <names>",
        `how embeddings are drawn in the plane, comma-separated: ${PLANE_METHODS.join(", ")}`,
      )
        .default(["pca"], "pca")
        .argParser(projections),
    )
    .addOption(backendOption())
    .addOption(pluginOption())
    .action((run: string, options: ReportOptions) => start((context) => report(run, options, context)));
};

/** Each once, in the order of the methods. */
function projections(names: string): PlaneMethod[] {
  const asked = names.split(",").map((name) => name.trim());
  const unknown = asked.find((name) => !PLANE_METHODS.some((method) => method === name));
  if (unknown !== undefined) {
    throw new ConfigError("OPTION_INVALID", `"${unknown}" is no way to draw rows in the plane`, {
      where: `--projections ${names}`,
      fix: `Choose of ${PLANE_METHODS.join(", ")}, separated by commas.`,
    });
  }
  return PLANE_METHODS.filter((method) => asked.includes(method));
}

async function report(
  path: string,
  { backend, plugin, projections }: ReportOptions,
  { terminal, settings }: Context,
): Promise<number> {
  const run = await openRun(resolve(path), await loadPlugins(plugin, process.cwd()));
  const failure = warnOfFailure(run, terminal);
  const { job } = run.resolved;
  const loaded = await loadRows(job);
  const trained = await trainedOf(run, backend);
  try {
    const warnings = failure ? [failure.message] : [];
    const outcome = await reportAgain(run, trained, { loaded, warnings, projections });
    const file = join(path, "report.html");
    if (settings.json) terminal.out(`${JSON.stringify({ out: file, ...outcome })}\n`);
    else terminal.out(`${file}\n`);
    return DONE;
  } finally {
    await trained.backend.dispose();
  }
}
