import { rowsOf } from "@semblance/core";
import { tableOf, writeTable } from "@semblance/data";
import { type Assignments, assignmentsOf, type Learned } from "@semblance/estimators";
import { DONE } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, pluginOption } from "./options.js";
import { printTable } from "./print-table.js";
import { predictWith, withRun } from "./use-run.js";

interface PredictOptions {
  readonly out?: string;
  readonly backend?: string;
  readonly plugin: readonly string[];
}

/** `semblance predict RUN DATA` */
export const addPredict: AddCommand = (program, start) => {
  program
    .command("predict")
    .description("the cluster of each row, how sure the model is, and the posteriors")
    .argument("<run>", "a run folder")
    .argument("<data>", "builtin:NAME or a data file")
    .option("--out <file>", "a .csv, .tsv, .jsonl or .npy file; standard output by default")
    .addOption(backendOption())
    .addOption(pluginOption())
    .action((run: string, data: string, options: PredictOptions) =>
      start((context) => predict({ run, data, ...options }, context)),
    );
};

async function predict(
  { out, ...options }: PredictOptions & { readonly run: string; readonly data: string },
  context: Context,
): Promise<number> {
  return await withRun(options, context, async (opened) => {
    const predictions = await predictWith(opened);
    const assignments = assignmentsOf(predictions, opened.trained.model.model.entry.name);
    const { classes } = opened.run.learned;
    // An array file holds numbers only, so class names are left to the other formats.
    const named = out?.toLowerCase().endsWith(".npy") ? undefined : classes;
    const table = tableOf("predictions", columnsOf(assignments, named));
    if (out === undefined) printTable(table, context);
    else {
      await writeTable(out, table);
      const rows = rowsOf(opened.data);
      if (context.settings.json)
        context.terminal.out(`${JSON.stringify({ out, rows, columns: table.columns.map(({ name }) => name) })}\n`);
      else context.terminal.out(`${out}: ${rows.toLocaleString("en")} rows\n`);
    }
    return DONE;
  });
}

/** row, cluster, [label,] confidence, p0 … pK−1. */
function columnsOf({ predicted, confidence, posteriors }: Assignments, classes: Learned["classes"]) {
  const width = posteriors.shape[1]!;
  const column = (k: number) => Float64Array.from(predicted, (_, row) => posteriors.data[row * width + k]!);
  return {
    row: Int32Array.from(predicted, (_, row) => row),
    cluster: predicted,
    ...(classes ? { label: Array.from(predicted, (k) => classes[k]!) } : {}),
    confidence,
    ...Object.fromEntries(Array.from({ length: width }, (_, k) => [`p${k}`, column(k)])),
  };
}
