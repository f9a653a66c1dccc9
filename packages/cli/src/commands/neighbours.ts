import { DIVERGENCE_ORDERS, type DivergenceOrder, rowsOf } from "@semblance/core";
import { tableOf, writeTable } from "@semblance/data";
import { predictRows } from "@semblance/estimators";
import { nearestRows } from "@semblance/eval";
import { Option } from "commander";
import { loadOtherData } from "../run/load-data.js";
import { learnedSpace } from "../spaces/space.js";
import { kBeyondGallery } from "../spaces/space-errors.js";
import { DONE } from "../terminal/exit-status.js";
import type { AddCommand, Context } from "./context.js";
import { backendOption, numberOption, pluginOption } from "./options.js";
import { printTable } from "./print-table.js";
import { withRun } from "./use-run.js";

interface NeighboursOptions {
  readonly query?: string;
  readonly k: number;
  readonly order?: DivergenceOrder;
  readonly out?: string;
  readonly backend?: string;
  readonly plugin: readonly string[];
}

/** `semblance neighbours RUN DATA --query FILE` */
export const addNeighbours: AddCommand = (program, start) => {
  program
    .command("neighbours")
    .description("the nearest rows of DATA to each query, by what a run has learned")
    .argument("<run>", "a run folder, such as one of semblance tune")
    .argument("<data>", "the rows to look among: builtin:NAME or a data file")
    .option("--query <file>", "the queries; by default the rows of DATA, each without itself")
    .addOption(numberOption("--k <n>", "neighbours of each query", 1).default(10))
    .addOption(
      new Option(
        "--order <order>",
        "which argument of the divergence a query is; by default as it was trained",
      ).choices(DIVERGENCE_ORDERS),
    )
    .option("--out <file>", "a .csv, .tsv or .jsonl file; standard output by default")
    .addOption(backendOption())
    .addOption(pluginOption())
    .action((run: string, data: string, options: NeighboursOptions) =>
      start((context) => neighbours({ run, data, ...options }, context)),
    );
};

async function neighbours(
  { query, k, order, out, ...options }: NeighboursOptions & { readonly run: string; readonly data: string },
  context: Context,
): Promise<number> {
  return await withRun(options, context, async ({ run, trained, data }) => {
    const { job, catalogue } = run.resolved;
    const others = rowsOf(data) - (query === undefined ? 1 : 0);
    if (k > others) throw kBeyondGallery(k, others, query === undefined);
    const gallery = learnedSpace("run", trained, job.loss, await predictRows(trained, data));
    const asked =
      query === undefined ? undefined : (await loadOtherData(query, job, run.learned, undefined)).splits.train;
    const queries = asked ? learnedSpace("queries", trained, job.loss, await predictRows(trained, asked)) : gallery;
    const { divergence } = queries;
    const by = typeof divergence === "string" ? divergence : divergence.name;
    if (!context.settings.quiet) context.terminal.err(`compared by ${by}, as the run was trained\n`);
    const found = await nearestRows({
      catalogue,
      backend: trained.backend,
      divergence,
      parameters: queries.parameters,
      order: order ?? queries.order,
      queries: queries.rows,
      ...(asked ? { gallery: gallery.rows } : {}),
      k,
    });
    const count = queries.rows.shape[0]!;
    const ids = data.ids;
    const names = (asked ?? data).ids;
    const at = Array.from({ length: count * k }, (_, each) => each);
    const result = tableOf("neighbours", {
      query: at.map((each) => (names ? names[Math.floor(each / k)]! : Math.floor(each / k))) as number[],
      rank: at.map((each) => (each % k) + 1),
      row: at.map((each) => (ids ? ids[found.indices.data[each]!]! : found.indices.data[each]!)) as number[],
      ...(data.labels
        ? { label: at.map((each) => data.labels!.names[data.labels!.indices[found.indices.data[each]!]!]!) }
        : {}),
      divergence: found.distances.data,
    });
    if (out === undefined) printTable(result, context);
    else {
      await writeTable(out, result);
      if (context.settings.json) context.terminal.out(`${JSON.stringify({ out, queries: count, k })}\n`);
      else context.terminal.out(`${out}: ${k} neighbours of each of ${count.toLocaleString("en")} queries\n`);
    }
    return DONE;
  });
}
