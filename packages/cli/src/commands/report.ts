import { join, resolve } from "node:path";
import { writeFileAtomically } from "@semblance/core/node";
import { settleJob } from "../job/settle-job.js";
import { environmentOf } from "../run/environment.js";
import { reportRun } from "../run/finish-run.js";
import { loadJobData } from "../run/load-data.js";
import { openRun, trainedOf } from "../run/open-run.js";
import { DONE } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption } from "./options.js";

/** `semblance report RUN` */
export const addReport: AddCommand = (program, start) => {
  program
    .command("report")
    .description("writes report.html into the run folder: one file that needs nothing else")
    .argument("<run>", "a run folder")
    .addOption(backendOption())
    .action((run: string, options: { readonly backend?: string }) =>
      start((context) => report(run, options.backend, context)),
    );
};

async function report(path: string, backend: string | undefined, { terminal, settings }: Context): Promise<number> {
  const run = await openRun(resolve(path));
  const { job, catalogue, folder } = run.resolved;
  const { splits, warnings } = await loadJobData(job);
  const trained = await trainedOf(run, backend);
  try {
    const outcome = await reportRun({
      job: settleJob(job, catalogue, splits.train),
      trained,
      learned: run.learned,
      splits,
      environment: run.environment ?? environmentOf(trained.backend, folder),
      warnings,
      store: { path: run.path, write: (name, bytes) => writeFileAtomically(join(run.path, name), bytes) },
      compare: run.learned.classes === undefined,
    });
    const file = join(path, "report.html");
    if (settings.json) terminal.out(`${JSON.stringify({ out: file, ...outcome })}\n`);
    else terminal.out(`${file}\n`);
    return DONE;
  } finally {
    await trained.backend.dispose();
  }
}
