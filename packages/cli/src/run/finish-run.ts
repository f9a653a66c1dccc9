import { basename } from "node:path";
import type { DataSplits, Dataset, Predictions } from "@semblance/core";
import type { RunFolder } from "@semblance/core/node";
import { type Assignments, type Learned, predictRows, type TrainedModel } from "@semblance/estimators";
import type { PlaneMethod } from "@semblance/eval";
import type { SettledJob } from "../job/settle-job.js";
import { type DrawnReport, neighbourReport } from "../neighbours/neighbour-report.js";
import { beforeTuning, readTuning, scoresOfTuning } from "../tune/read-tuning.js";
import { baseline } from "./baseline.js";
import type { Environment } from "./environment.js";
import { evaluateModel, scoredPart } from "./evaluate-model.js";
import { exportModel } from "./export-model.js";
import type { PathOutcome } from "./path-outcome.js";
import { readEvaluations, readLossCurve, readNotes, readValidation, type ValidationCurve } from "./read-metrics.js";
import { readPath } from "./read-path.js";
import { renderRunReport } from "./render-run-report.js";
import type { RunEvent } from "./run-events.js";
import { describeRows, matrixOf, type Score, score } from "./score.js";
import { scoreEmbeddings } from "./score-embeddings.js";
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
  /** Where the job held rows out to choose an epoch by. */
  readonly validation?: ValidationCurve;
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
  /** How embeddings are drawn in the plane: PCA by default, as others take seconds to minutes. */
  readonly projections?: readonly PlaneMethod[];
  readonly onEvent?: (event: RunEvent) => void;
}

/** Clusters are compared with k-means, embeddings with the features; a classifier is not to be compared with what saw no labels. */
export const comparable = ({ task }: SettledJob, { classes }: Learned) => task === "metric" || classes === undefined;

/** Scores a trained model and writes what people take away from a run: `report.html` and `model.onnx`. */
export async function finishRun(options: FinishOptions): Promise<RunOutcome> {
  const outcome = await reportRun(options);
  return { ...outcome, warnings: [...outcome.warnings, ...(await writeModel(options))] };
}

/** Writes `model.onnx`. @returns what its user should know */
export async function writeModel({ job, trained, learned, splits, store, onEvent }: FinishOptions): Promise<string[]> {
  onEvent?.({ type: "stage", message: "writing model.onnx" });
  const { bytes, unprepared } = await exportModel(trained, job, learned, scoredPart(splits, trained.model));
  await store.write("model.onnx", bytes);
  if (unprepared === undefined) return [];
  onEvent?.({ type: "data-warning", message: takesPrepared(unprepared) });
  return [takesPrepared(unprepared)];
}

export const takesPrepared = (reason: string) =>
  `model.onnx takes prepared rows, as its metadata say under "preprocessing": ${reason}`;

/** Scores a trained model and writes `report.html`. */
export async function reportRun(options: FinishOptions): Promise<RunOutcome> {
  const { job, trained, learned, splits, environment, warnings, store, compare, onEvent } = options;
  const { catalogue } = trained;
  const data = scoredPart(splits, trained.model);
  const clusters = learned.shape.outputs;
  const tuning = await readTuning(store.path);
  const { assignments, predictions, scores } = tuning
    ? { assignments: undefined, predictions: await predictRows(trained, data), scores: scoresOfTuning(tuning) }
    : await evaluateModel(trained, data, { task: job.task, loss: job.loss, measures: job.evaluate.measures });
  if (compare && assignments) onEvent?.({ type: "stage", message: "k-means on the same features" });
  const simple = tuning ? beforeTuning(tuning) : compare ? await simpleScores(options, data, assignments) : undefined;
  const drawn = assignments ? undefined : await drawNeighbours(options, data, predictions, simple?.name);
  const path = options.path ?? (job.path ? await readPath(store.path) : undefined);
  // A run that was stopped has the weights of the step that it was stopped at.
  const validation = environment.outcome === "interrupted" ? undefined : await readValidation(store.path);
  const part = data === splits.train ? "training" : "test";
  const scoredOn = describeScored(data, part);
  const report = renderRunReport({
    title: `${job.loss.name} on ${job.data.source.startsWith("builtin:") ? job.data.source : basename(splits.train.name)}`,
    job,
    catalogue,
    environment,
    data,
    scoredOn,
    ...(assignments ? { assignments } : {}),
    ...(drawn ? { neighbours: drawn.neighbours } : {}),
    scores,
    ...(path ? { path } : {}),
    ...(validation ? { validation } : {}),
    ...(simple ? { baseline: simple } : {}),
    lossCurve: await readLossCurve(store.path),
    evaluations: await readEvaluations(store.path),
    clusters,
    ...(learned.classes ? { classes: learned.classes } : {}),
    warnings: [...new Set([...warnings, ...(tuning?.warnings ?? []), ...(drawn?.omitted ?? [])])],
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
    ...(validation ? { validation } : {}),
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

/** What is shown of neighbours, of embeddings beside the features by what those were scored by. */
async function drawNeighbours(
  { job, trained, projections = ["pca"], onEvent }: FinishOptions,
  data: Dataset,
  predictions: Predictions,
  before: string | undefined,
): Promise<DrawnReport> {
  onEvent?.({ type: "stage", message: "drawing what was learned" });
  const plain = before === undefined || before === FEATURES ? "euclidean" : before;
  return await neighbourReport({ trained, loss: job.loss, data, predictions, before: plain, methods: projections });
}

async function simpleScores(options: FinishOptions, data: Dataset, assignments: Assignments | undefined) {
  return assignments ? kMeansScores(options, data, options.learned.shape.outputs) : await featureScores(options, data);
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

const FEATURES = "features";

/** The same measures on the features as they are: what there was to begin with. */
async function featureScores({ job, trained }: FinishOptions, data: Dataset) {
  const features = matrixOf(data.features);
  return {
    name: FEATURES,
    scores: [
      ...(await scoreEmbeddings(trained.catalogue, job.evaluate.measures, data, features)),
      ...(await scoreRelations(data.supervision, features)),
    ],
  };
}

const describeScored = (data: Dataset, part: "test" | "training") =>
  part === "test" ? `the ${describeRows(data)} of the test part` : `the ${describeRows(data)} that it was trained on`;
