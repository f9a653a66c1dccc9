import { ConfigError } from "@semblance/core";
import type { Component } from "../job/job-schema.js";
import { settleJob } from "../job/settle-job.js";
import { evaluateModel } from "../run/evaluate-model.js";
import { showScore } from "../run/render-run-report.js";
import { describeRows, requireScorable } from "../run/score.js";
import { DONE } from "../terminal/exit-status.js";
import { table } from "../terminal/table.js";
import type { AddCommand, Context } from "./context.js";
import { evaluateAgainst } from "./evaluate-against.js";
import { backendOption, numberOption, pluginOption } from "./options.js";
import { withRun } from "./use-run.js";

interface EvaluateOptions {
  readonly measures?: readonly string[];
  readonly against?: readonly string[];
  readonly k?: number;
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
    .option(
      "--against <divergences...>",
      "compares with divergences of the rows as they are, such as euclidean,cosine; exit status 1 where the run is not better",
    )
    .addOption(numberOption("--k <n>", "K of recall@K, with --against; 8 by default", 1))
    .option("--labels <column|file>", "the classes; those that the job names by default")
    .addOption(backendOption())
    .addOption(pluginOption())
    .action((run: string, data: string, options: EvaluateOptions) =>
      start((context) => evaluate({ run, data, ...options }, context)),
    );
};

async function evaluate(
  { measures: asked, against, k, ...options }: EvaluateOptions & { readonly run: string; readonly data: string },
  context: Context,
): Promise<number> {
  const { terminal, settings } = context;
  const divergences = namesOf(against, "--against", "euclidean,cosine");
  if (divergences && asked) {
    throw new ConfigError("USAGE", "--measures and --against ask for two different tables", {
      where: "semblance evaluate",
      fix: "Give one of them.",
    });
  }
  return await withRun(options, context, async (opened) => {
    if (divergences)
      return await evaluateAgainst(opened, { names: divergences, ...(k === undefined ? {} : { k }) }, context);
    const { run, trained, data } = opened;
    const { job, catalogue } = run.resolved;
    const names = namesOf(asked, "--measures", "ari,nmi");
    const own = data.labels || !job.data.labels ? job : { ...job, evaluate: { every: 1 } };
    const measures: readonly Component[] =
      names?.map((name) => ({ ...(catalogue.choose("measure", name, "--measures").config as object), name })) ??
      settleJob(own, catalogue, data).evaluate.measures;
    requireScorable(catalogue, measures, data);
    const { scores } = await evaluateModel(trained, data, { task: job.task, loss: job.loss, measures });
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

/** Names apart by spaces or commas. @throws ConfigError OPTION_INVALID */
function namesOf(asked: readonly string[] | undefined, option: string, example: string): string[] | undefined {
  const names = asked?.flatMap((text) => text.split(",")).filter((name) => name !== "");
  if (names?.length !== 0) return names;
  throw new ConfigError("OPTION_INVALID", `${option} names nothing`, {
    where: option,
    fix: `Write ${option} ${example}, for example.`,
  });
}
