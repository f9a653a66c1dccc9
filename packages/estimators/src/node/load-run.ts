import { readFile } from "node:fs/promises";
import { fileError } from "@semblance/core/node";
import { type Description, parseDescription } from "../description.js";
import { GeminiClustering, type LoadOptions } from "../gemini-clustering.js";
import { type LoadMetricOptions, MetricLearning } from "../metric-learning.js";
import { jobFileOf, runCheckpoint } from "./run-checkpoint.js";

/**
 * A clustering from a run folder: one that `saveRun` wrote, or `semblance cluster` or `semblance train`. Plugins that the run was made with
 * are passed again.
 *
 * @throws CheckpointError RUN_MISSING, CHECKPOINT_MISSING, CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN, CHECKPOINT_VERSION
 */
export async function loadRun(folder: string, options: LoadOptions = {}): Promise<GeminiClustering> {
  return await GeminiClustering.restore(await describedBy(folder), await runCheckpoint(folder), options);
}

/** The same of a learned distance: a run of `saveRun`, of `semblance tune`, or of `semblance train` with `task: metric`. */
export async function loadMetricRun(folder: string, options: LoadMetricOptions = {}): Promise<MetricLearning> {
  return await MetricLearning.restore(await describedBy(folder), await runCheckpoint(folder), options);
}

async function describedBy(folder: string): Promise<Description> {
  const file = await jobFileOf(folder);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw fileError(cause, file, "reading the job");
  });
  return parseDescription(text, file);
}
