import { ConfigError, rowsOf } from "@semblance/core";
import { tableOf, tableOfArray, writeTable } from "@semblance/data";
import { matrixOf } from "../run/score.js";
import { DONE } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, pluginOption } from "./options.js";
import { printTable } from "./print-table.js";
import { predictWith, withRun } from "./use-run.js";

interface EmbedOptions {
  readonly out?: string;
  readonly backend?: string;
  readonly plugin: readonly string[];
}

/** `semblance embed RUN DATA` */
export const addEmbed: AddCommand = (program, start) => {
  program
    .command("embed")
    .description(
      "the embedding of each row: what a metric run or tune has learned, or what the network makes of it before its head",
    )
    .argument("<run>", "a run folder")
    .argument("<data>", "builtin:NAME or a data file")
    .option("--out <file>", "a .csv, .tsv, .jsonl or .npy file; standard output by default")
    .addOption(backendOption())
    .addOption(pluginOption())
    .action((run: string, data: string, options: EmbedOptions) =>
      start((context) => embed({ run, data, ...options }, context)),
    );
};

async function embed(
  { out, ...options }: EmbedOptions & { readonly run: string; readonly data: string },
  context: Context,
): Promise<number> {
  return await withRun(options, context, async (opened) => {
    const { embeddings } = await predictWith(opened);
    if (!embeddings) {
      const { name } = opened.trained.model.model.entry;
      throw new ConfigError("MODEL_WITHOUT_EMBEDDINGS", `model "${name}" has no embeddings`, {
        where: `model "${name}"`,
        fix: "Train a model with hidden layers, such as mlp; or use semblance predict.",
      });
    }
    const matrix = matrixOf(embeddings);
    const [rows = 0, width = 0] = matrix.shape;
    if (out === undefined) {
      const column = (k: number) => Float64Array.from({ length: rows }, (_, row) => matrix.data[row * width + k]!);
      printTable(
        tableOf("embeddings", Object.fromEntries(Array.from({ length: width }, (_, k) => [`e${k}`, column(k)]))),
        context,
      );
    } else {
      await writeTable(out, tableOfArray("embeddings", matrix));
      if (context.settings.json) context.terminal.out(`${JSON.stringify({ out, rows: rowsOf(opened.data), width })}\n`);
      else context.terminal.out(`${out}: ${rows.toLocaleString("en")} rows of ${width} numbers\n`);
    }
    return DONE;
  });
}
