import {
  type Arrays,
  type Backend,
  ConfigError,
  type Dataset,
  type FinishReason,
  type Learner,
  type PathStep,
  type PreparedTraining,
  type RegularisationPathOptions,
  regularisationPath,
  requireRegularisationPath,
  sizeOf,
} from "@semblance/core";
import type { RunFolder } from "@semblance/core/node";
import type { SettledJob } from "../job/settle-job.js";
import { type PathOutcome, pathOutcome } from "./path-outcome.js";
import type { RunEvent } from "./run-events.js";

/** The options of a job's path, and the learner with the weight that it begins with. */
function pathOf(job: SettledJob, learner: Learner, data: Dataset) {
  const { alpha, ...options } = job.path!;
  const regularisers = learner.regularisers.map((each) =>
    alpha !== undefined && each.active.selected ? { ...each, weight: alpha } : each,
  );
  const limit = job.affinityLimit === undefined ? {} : { affinityLimit: job.affinityLimit };
  return { ...options, ...limit, learner: { ...learner, regularisers }, data, epochs: job.epochs };
}

/**
 * Refuses a path before its run leaves a trace.
 *
 * @throws ConfigError NOTHING_SELECTS, PATH_INVALID, PATH_NOT_RESUMED; DataError AFFINITY_TOO_LARGE
 */
export function requirePath(job: SettledJob, learner: Learner, data: Dataset, resume: boolean): void {
  if (resume) {
    throw new ConfigError("PATH_NOT_RESUMED", "a run along a path of penalties is not gone on with", {
      where: "path",
      fix: "Start it again in another folder; the model that this run kept can be used as it is.",
    });
  }
  requireRegularisationPath(pathOf(job, learner, data));
}

export interface PathRun {
  readonly job: SettledJob;
  readonly learner: Learner;
  readonly data: Dataset;
  readonly backend: Backend;
  readonly sampler: RegularisationPathOptions["sampler"];
  readonly prepared: PreparedTraining;
  readonly store: RunFolder;
  /** Identifies the job and its data. */
  readonly run: string;
  readonly notes: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface PathRunResult {
  readonly reason: FinishReason;
  readonly step: number;
  readonly state: Arrays;
  readonly path: PathOutcome;
}

/**
 * Trains along the path of a job into its run folder: a line of metrics for each batch and each step of the path, a checkpoint of the
 * model that is kept, and `path.json`.
 */
export async function runPath({
  job,
  learner,
  data,
  backend,
  store,
  onEvent,
  ...run
}: PathRun): Promise<PathRunResult> {
  const features = sizeOf(data.features.shape.slice(1));
  const { learningRate, clipNorm } = job.optimizer;
  const notes = notesOf(job, run.prepared);
  let lines = notes.map((note) => JSON.stringify({ note }));
  const flush = async () => {
    const written = lines;
    lines = [];
    await store.appendMetrics(written);
  };
  for (const message of notes) onEvent?.({ type: "note", message });
  let step = 0;
  try {
    const result = await regularisationPath({
      ...pathOf(job, learner, data),
      backend,
      sampler: run.sampler,
      prepared: run.prepared,
      learningRate,
      seed: job.seed,
      ...(clipNorm === undefined ? {} : { clipNorm }),
      ...(run.signal ? { signal: run.signal } : {}),
      onBatch({ weight, ...batch }) {
        step = batch.step;
        lines.push(JSON.stringify({ ...batch, alpha: weight, learningRate }));
      },
      async onStep(stage) {
        lines.push(JSON.stringify({ path: lineOf(stage) }));
        onEvent?.({ type: "path", stage, features });
        await flush();
      },
      async onKept({ stage, state, batches }) {
        const kept = { path: { alpha: stage.weight, features: stage.selected.length } };
        await store.saveCheckpoint({ run: run.run, step: batches, state: kept, notes: run.notes, arrays: state });
      },
    });
    const path = pathOutcome(result, data, features);
    lines.push(JSON.stringify({ note: `regularisation path: ${path.summary}` }));
    await store.write("path.json", `${JSON.stringify(path, undefined, 2)}\n`);
    const reason = result.reason === "interrupted" ? "interrupted" : "completed";
    return { reason, step, state: result.state, path };
  } finally {
    await flush();
  }
}

/** What is compared when. Notes on how the batches of a run compare are not true of a path that compares anew. */
function notesOf(job: SettledJob, { affinity }: PreparedTraining): readonly string[] {
  if (!affinity) return [];
  if (!job.path?.dynamic) return affinity.notes;
  const { kind, reference } = affinity.settled;
  const name = typeof reference === "string" ? reference : reference.name;
  return [`${kind} "${name}" is computed for all rows by the selected features, anew where they change`];
}

const lineOf = ({ weight, score, penalty, selected, epochs }: PathStep) => ({
  alpha: weight,
  score,
  penalty,
  features: selected.length,
  epochs,
});
