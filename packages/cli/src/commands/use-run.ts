import { resolve } from "node:path";
import { type DataSplits, type Dataset, rowsOf } from "@semblance/core";
import { predictRows, type TrainedModel } from "@semblance/estimators";
import { loadPlugins } from "../job/load-plugins.js";
import { scoredPart } from "../run/evaluate-model.js";
import { loadOtherData } from "../run/load-data.js";
import { type OpenRun, openRun, trainedOf } from "../run/open-run.js";
import type { Context } from "./context.js";
import { warnOfFailure } from "./warn-of-failure.js";

/** A trained run and rows to use it on. */
export interface RunOnData {
  readonly run: OpenRun;
  readonly trained: TrainedModel;
  readonly data: Dataset;
}

/** Opens a run and data for it, and gives the backend back when the work is done. */
export async function withRun<Result>(
  {
    run: path,
    data: source,
    backend,
    labels,
    plugin = [],
  }: {
    readonly run: string;
    readonly data: string;
    readonly backend?: string | undefined;
    readonly labels?: string | undefined;
    readonly plugin?: readonly string[];
  },
  { terminal, settings }: Context,
  work: (opened: RunOnData) => Promise<Result>,
): Promise<Result> {
  const run = await openRun(resolve(path), await loadPlugins(plugin, process.cwd()));
  warnOfFailure(run, terminal);
  const loaded = await loadOtherData(source, run.resolved.job, run.learned, labels);
  const trained = await trainedOf(run, backend);
  try {
    const data = partOf(loaded.splits, trained);
    if (!settings.quiet) {
      for (const warning of loaded.warnings) terminal.err(`warning: ${warning}\n`);
      terminal.err(`${data.name}: ${rowsOf(data).toLocaleString("en")} rows\n`);
    }
    return await work({ run, trained, data });
  } finally {
    await trained.backend.dispose();
  }
}

const partOf = (splits: DataSplits, { model }: TrainedModel) => scoredPart(splits, model);

export const predictWith = ({ trained, data }: RunOnData) => predictRows(trained, data);
