import { basename } from "node:path";
import type { DataSplits, Dataset } from "@semblance/core";
import type { RunFolder } from "@semblance/core/node";
import type { Learned, TrainedModel } from "@semblance/estimators";
import type { SettledJob } from "../job/settle-job.js";
import { baseline } from "./baseline.js";
import type { Environment } from "./environment.js";
import { evaluateModel, scoredPart } from "./evaluate-model.js";
import { exportModel } from "./export-model.js";
import type { PathOutcome } from "./path-outcome.js";
import { readLossCurve, readNotes } from "./read-metrics.js";
import { readPath } from "./read-path.js";
import { renderRunReport } from "./render-run-report.js";
import type { RunEvent } from "./run-events.js";
import { describeRows, matrixOf, type Score, score } from "./score.js";
import { embeddingsOf, scoreEmbeddings } from "./score-embeddings.js";
import { scoreRelations } from "./score-relations.js";

/** The scores of a finished run, beside those of a simpler method. */
export interface RunOutcome {
  readonly scoredOn: { readonly part: "test" | "training"; readonly rows: number; readonly description: string };
  readonly loss: string;
  /** Clusters or classes that the model can tell apart. */
  readonly clusters: number;
  readonly scores: readonly Score[];
  readonly baseline?: { readonly name: string; readonly scores: readonly Score[] };
  /** Where the job asked for a path of penalties. */
  readonly path?: PathOutcome;
  readonly warnings: readonly string[];
  /** Names of the files, below the run folder. */
  readonly files: readonly string[];
}

export interface FinishOptions {
  readonly job: SettledJob;
  readonly trained: TrainedModel;
  readonly learned: Learned;
  readonly splits: DataSplits;
  readonly environment: Environment;
  readonly warnings: readonly string[];
  readonly store: Pick<RunFolder, "path" | "write">;
  /** Whether a simpler method is scored beside: k-means, or of embeddings the features themselves. */
  readonly compare: boolean;
  readonly path?: PathOutcome;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Clusters are compared with k-means, embeddings with the features; a classifier is not to be compared with what saw no labels. */
export const comparable = ({ task }: SettledJob, { classes }: Learned) => task === "metric" || classes === undefined;

/** Scores a trained model and writes what people take away from a run: `report.html` and `model.onnx`. */
export async function finishRun(options: FinishOptions): Promise<RunOutcome> {
  const { job, trained, learned, splits, store, onEvent } = options;
  const outcome = await reportRun(options);
  onEvent?.({ type: "stage", message: "writing model.onnx" });
  const { bytes, unprepared } = await exportModel(trained, job, learned, scoredPart(splits, trained.model));
  await store.write("model.onnx", bytes);
  if (unprepared === undefined) return outcome;
  onEvent?.({ type: "data-warning", message: takesPrepared(unprepared) });
  return { ...outcome, warnings: [...outcome.warnings, takesPrepared(unprepared)] };
}

export const takesPrepared = (reason: string) =>
  `model.onnx takes prepared rows, as its metadata say under "preprocessing": ${reason}`;

/** Scores a trained model and writes `report.html`. */
export async function reportRun(options: FinishOptions): Promise<RunOutcome> {
  const { job, trained, learned, splits, environment, warnings, store, compare, onEvent } = options;
  const { catalogue } = trained;
  const data = scoredPart(splits, trained.model);
  const { measures } = job.evaluate;
  const { assignments, predictions, scores } = await evaluateModel(trained, data, {
    task: job.task,
    loss: job.loss,
    measures,
  });
  const clusters = learned.shape.outputs;
  if (compare && assignments) onEvent?.({ type: "stage", message: "k-means on the same features" });
  const simple = compare
    ? assignments
      ? kMeansScores(options, data, clusters)
      : await featureScores(options, data)
    : undefined;
  const path = options.path ?? (job.path ? await readPath(store.path) : undefined);
  const part = data === splits.train ? "training" : "test";
  const scoredOn = describeScored(data, part);
  const report = renderRunReport({
    title: `${job.loss.name} on ${job.data.source.startsWith("builtin:") ? job.data.source : basename(splits.train.name)}`,
    job,
    catalogue,
    environment,
    data,
    scoredOn,
    ...(assignments ? { assignments } : { embeddings: embeddingsOf(predictions) }),
    scores,
    ...(path ? { path } : {}),
    ...(simple ? { baseline: simple } : {}),
    lossCurve: await readLossCurve(store.path),
    clusters,
    ...(learned.classes ? { classes: learned.classes } : {}),
    warnings,
    notes: await readNotes(store.path),
  });
  await store.write("report.html", report);
  return {
    scoredOn: { part, rows: data.features.shape[0] ?? 0, description: scoredOn },
    loss: job.loss.name,
    clusters,
    scores,
    ...(simple ? { baseline: simple } : {}),
    ...(path ? { path } : {}),
    warnings,
    files: [
      "report.html",
      "model.onnx",
      ...(path ? ["path.json"] : []),
      "metrics.jsonl",
      "job.json",
      "environment.json",
      "checkpoints",
    ],
  };
}

function kMeansScores({ job, trained, splits }: FinishOptions, data: Dataset, clusters: number) {
  const parts = data === splits.train ? { train: splits.train } : splits;
  const { predicted } = baseline(parts, clusters);
  // Hard clusters have no posteriors and no space of their own, so measures of those are left empty.
  const measures = job.evaluate.measures.filter(({ name }) => {
    const { needs } = trained.catalogue.get("measure", name);
    return needs === "partition" || needs === "predictions" || name === "silhouette";
  });
  return { name: "k-means", scores: score(trained.catalogue, measures, data, { predicted }) };
}

/** The same measures on the features as they are: what there was to begin with. */
async function featureScores({ job, trained }: FinishOptions, data: Dataset) {
  const features = matrixOf(data.features);
  return {
    name: "features",
    scores: [
      ...(await scoreEmbeddings(trained.catalogue, job.evaluate.measures, data, features)),
      ...scoreRelations(data.supervision, features),
    ],
  };
}

const describeScored = (data: Dataset, part: "test" | "training") =>
  part === "test" ? `the ${describeRows(data)} of the test part` : `the ${describeRows(data)} that it was trained on`;
