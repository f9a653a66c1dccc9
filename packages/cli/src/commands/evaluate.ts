import { ConfigError } from "@semblance/core";
import type { Component } from "../job/job-schema.js";
import { settleJob } from "../job/settle-job.js";
import { evaluateModel } from "../run/evaluate-model.js";
import { showScore } from "../run/render-run-report.js";
import { describeRows, requireScorable } from "../run/score.js";
import { DONE } from "../terminal/exit-status.js";
import { table } from "../terminal/table.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, pluginOption } from "./options.js";
import { withRun } from "./use-run.js";

interface EvaluateOptions {
  readonly measures?: readonly string[];
  readonly labels?: string;
  readonly backend?: string;
  readonly plugin: readonly string[];
}

/** `semblance evaluate RUN DATA` */
export const addEvaluate: AddCommand = (program, start) => {
  program
    .command("evaluate")
    .description("scores a trained run on data")
    .argument("<run>", "a run folder")
    .argument("<data>", "builtin:NAME or a data file")
    .option("--measures <names...>", "measures, apart by spaces or commas; those of the job by default")
    .option("--labels <column|file>", "the classes; those that the job names by default")
    .addOption(backendOption())
    .addOption(pluginOption())
    .action((run: string, data: string, options: EvaluateOptions) =>
      start((context) => evaluate({ run, data, ...options }, context)),
    );
};

async function evaluate(
  { measures: asked, ...options }: EvaluateOptions & { readonly run: string; readonly data: string },
  context: Context,
): Promise<number> {
  const { terminal, settings } = context;
  return await withRun(options, context, async ({ run, trained, data }) => {
    const { job, catalogue } = run.resolved;
    const names = asked?.flatMap((text) => text.split(",")).filter((name) => name !== "");
    if (names?.length === 0) {
      throw new ConfigError("OPTION_INVALID", "--measures names nothing", {
        where: "--measures",
        fix: "Write --measures ari,nmi, for example.",
      });
    }
    const own = data.labels || !job.data.labels ? job : { ...job, evaluate: { every: 1 } };
    const measures: readonly Component[] =
      names?.map((name) => ({ ...(catalogue.choose("measure", name, "--measures").config as object), name })) ??
      settleJob(own, catalogue, data).evaluate.measures;
    requireScorable(catalogue, measures, data);
    const { scores } = await evaluateModel(trained, data, { task: job.task, measures });
    if (settings.json) {
      terminal.out(
        `${JSON.stringify({ run: run.path, step: run.checkpoint.step, data: data.name, rows: data.features.shape[0], scores })}\n`,
      );
      return DONE;
    }
    const rows = scores.map(({ name, value, reason }) => [
      name,
      value === undefined ? `– (${reason})` : showScore(value),
    ]);
    terminal.out(`${table(rows)}\n\nscored on ${describeRows(data)} of ${data.name}\n`);
    return DONE;
  });
}
