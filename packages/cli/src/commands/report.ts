import { join, resolve } from "node:path";
import { writeFileAtomically } from "@semblance/core/node";
import { loadPlugins } from "../job/load-plugins.js";
import { settleJob } from "../job/settle-job.js";
import { environmentOf } from "../run/environment.js";
import { comparable, reportRun } from "../run/finish-run.js";
import { loadRows } from "../run/load-data.js";
import { openRun, trainedOf } from "../run/open-run.js";
import { DONE } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, pluginOption } from "./options.js";
import { warnOfFailure } from "./warn-of-failure.js";

interface ReportOptions {
  readonly backend?: string;
  readonly plugin: readonly string[];
}

/** `semblance report RUN` */
export const addReport: AddCommand = (program, start) => {
  program
    .command("report")
    .description("writes report.html into the run folder: one file that needs nothing else")
    .argument("<run>", "a run folder")
    .addOption(backendOption())
    .addOption(pluginOption())
    .action((run: string, options: ReportOptions) => start((context) => report(run, options, context)));
};

async function report(
  path: string,
  { backend, plugin }: ReportOptions,
  { terminal, settings }: Context,
): Promise<number> {
  const run = await openRun(resolve(path), await loadPlugins(plugin, process.cwd()));
  const failure = warnOfFailure(run, terminal);
  const { job, catalogue, folder } = run.resolved;
  const { splits, warnings } = await loadRows(job);
  const settled = settleJob(job, catalogue, splits.train);
  const trained = await trainedOf(run, backend);
  try {
    const outcome = await reportRun({
      job: settled,
      trained,
      learned: run.learned,
      splits,
      environment: run.environment ?? environmentOf(trained.backend, folder),
      warnings: [...(failure ? [failure.message] : []), ...warnings],
      store: { path: run.path, write: (name, bytes) => writeFileAtomically(join(run.path, name), bytes) },
      compare: comparable(settled, run.learned),
    });
    const file = join(path, "report.html");
    if (settings.json) terminal.out(`${JSON.stringify({ out: file, ...outcome })}\n`);
    else terminal.out(`${file}\n`);
    return DONE;
  } finally {
    await trained.backend.dispose();
  }
}
