import { type Catalogue, type Dataset, rowsOf, takeRows } from "@semblance/core";
import type { Assignments } from "@semblance/estimators";
import {
  confusionMatrix,
  type NeighbourReport,
  principalComponents,
  type ReportInput,
  renderReport,
} from "@semblance/eval";
import type { Job } from "../job/job-schema.js";
import type { Environment } from "./environment.js";
import { featureNames, type PathOutcome } from "./path-outcome.js";
import { pictureOf } from "./picture-of.js";
import type { EpochScores, LossPoint, ValidationCurve } from "./read-metrics.js";
import { describeRows, matrixOf, type Score } from "./score.js";
import { scoreCurvesOf } from "./score-curves.js";

/** Points that a picture can show. */
const MOST_POINTS = 3000;
const WORST = 24;
/** More classes than this do not fit a table that a person reads. */
const MOST_CLASSES = 50;

/** Scores of something simpler, and how sure it is that ours differ where that is known. */
export interface SimpleScores {
  readonly name: string;
  readonly scores: readonly Score[];
  readonly intervals?: Readonly<
    Record<string, { readonly low: number; readonly high: number; readonly level: number }>
  >;
}

export interface RunReport {
  readonly title: string;
  readonly job: Job;
  readonly catalogue: Catalogue;
  readonly environment: Environment;
  readonly data: Dataset;
  /** Which rows `data` is, such as "the 1,797 rows of the test part". */
  readonly scoredOn: string;
  /** Clusters or classes, of a model that gives some. */
  readonly assignments?: Assignments;
  /** Of one that does not, what its embeddings say of neighbours. */
  readonly neighbours?: NeighbourReport;
  readonly scores: readonly Score[];
  readonly path?: PathOutcome;
  readonly validation?: ValidationCurve;
  readonly baseline?: SimpleScores;
  readonly lossCurve: readonly LossPoint[];
  readonly evaluations: readonly EpochScores[];
  readonly clusters: number;
  /** Names of the outputs of a classifier. */
  readonly classes?: readonly string[];
  readonly warnings: readonly string[];
  /** What was decided on the way, and why. */
  readonly notes: readonly string[];
}

/** A run as one HTML file. */
export function renderRunReport(run: RunReport): string {
  const { job, catalogue, environment, data, assignments, scores, baseline } = run;
  const { entry } = catalogue.choose("loss", job.loss, "loss");
  const { backend, wallSeconds } = environment;
  const scoreCurves = scoreCurvesOf(run);
  return renderReport({
    title: run.title,
    job,
    environment: {
      Semblance: environment.semblance,
      Node: environment.node,
      System: environment.system,
      Processor: environment.processor,
      Backend: `${backend.name}: ${backend.device}`,
      Started: environment.startedAt,
      ...(wallSeconds === undefined ? {} : { Duration: `${wallSeconds.toFixed(1)} s` }),
      ...(run.notes.length === 0 ? {} : { Notes: run.notes.join("; ") }),
    },
    summary: [
      ...scores.map(({ name, value, reason, note }) => ({
        label: name,
        value: value === undefined ? "–" : showScore(value),
        ...((reason ?? note) === undefined ? {} : { note: (reason ?? note)! }),
      })),
      ...keptFeatures(run.path),
      ...keptEpoch(run.validation),
      { label: "scored on", value: describeRows(data), note: run.scoredOn },
    ],
    ...(baseline ? { baseline: comparison(baseline, scores) } : {}),
    lossCurve: run.lossCurve,
    ...(scoreCurves ? { scoreCurves } : {}),
    ...(entry.score ? { lossMeaning: meaningOf(job) } : {}),
    ...(assignments ? assignmentSections(run, assignments) : {}),
    ...(run.neighbours ? { neighbours: run.neighbours } : {}),
    explanation: {
      what: entry.summary,
      why: entry.score
        ? "It needs no labels: what it rewards is clusters that differ from each other and rows that belong clearly to one."
        : "It is what training makes as small as it can.",
      formula: entry.formula ?? "",
      source: entry.source ?? "",
    },
    warnings: run.warnings,
  });
}

/** What a report says of clusters and classes; one of embeddings has none. */
function assignmentSections({ data, clusters, classes }: RunReport, assignments: Assignments): Partial<ReportInput> {
  return {
    clusters: clusterRows(assignments, clusters),
    confidence: [...assignments.confidence],
    ...projectionOf(data, assignments.predicted),
    ...confusionOf(data, assignments, classes),
    worst: leastSure(data, assignments),
  };
}

/** How many features the model of a path reads, and which. */
function keptFeatures(path: PathOutcome | undefined): ReportInput["summary"] {
  const kept = path?.stages.find((stage) => stage.kept);
  if (!path || !kept) return [];
  return [{ label: "features", value: `${kept.features.length} of ${path.features}`, note: featureNames(kept) }];
}

/** Which epoch was kept, and by what. */
function keptEpoch(validation: ValidationCurve | undefined): ReportInput["summary"] {
  if (!validation) return [];
  const { measure, kept, scores } = validation;
  // The curve shows those of the other epochs.
  const score = scores.find(({ epoch }) => epoch === kept)!.score;
  const note = `by ${measure} on rows held out of the training: ${showScore(score)}`;
  const value = kept < 0 ? "the start" : `${kept + 1} of ${scores.at(-1)!.epoch + 1}`;
  return [{ label: "kept epoch", value, note }];
}

/** The literature maximises a score; a curve that falls below 0 has to say why. */
function meaningOf({ loss, regularisers, path }: Job): string {
  // Proximal maps, such as those of the lassos, act after each step instead.
  const more = regularisers ? ", plus the weighted terms of those regularisers that add one" : "";
  const along = path
    ? " Along the path the penalty grows and features leave, so that the curve rises; the run keeps the model of the last good step."
    : "";
  return `The score G of ${loss.name} is maximised; the curve shows −G of each batch, which is minimised${more}.${along}`;
}

/** Four digits for shares, whole numbers as they are. */
export const showScore = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(4));

function comparison(baseline: SimpleScores, scores: readonly Score[]): NonNullable<ReportInput["baseline"]> {
  const rows = scores.flatMap(({ name, value, higherIsBetter }) => {
    const other = baseline.scores.find((candidate) => candidate.name === name)?.value;
    const interval = baseline.intervals?.[name];
    return value === undefined || other === undefined
      ? []
      : [{ measure: name, ours: value, baseline: other, higherIsBetter, ...(interval ? { interval } : {}) }];
  });
  return { name: baseline.name, rows };
}

function clusterRows({ predicted, confidence }: Assignments, clusters: number): NonNullable<ReportInput["clusters"]> {
  const sizes = new Float64Array(clusters);
  const sums = new Float64Array(clusters);
  predicted.forEach((cluster, row) => {
    sizes[cluster]!++;
    sums[cluster]! += confidence[row]!;
  });
  return Array.from(sizes, (size, index) => ({ index, size, meanConfidence: size === 0 ? 0 : sums[index]! / size }));
}

function confusionOf(
  { labels }: Dataset,
  { predicted }: Assignments,
  classes: readonly string[] | undefined,
): Pick<ReportInput, "confusion"> {
  if (!labels || labels.names.length > MOST_CLASSES) return {};
  const table = confusionMatrix(labels.indices, predicted);
  return {
    confusion: {
      rowNames: table.classes.map((index) => labels.names[index]!),
      columnNames: table.clusters.map((cluster) => classes?.[cluster] ?? String(cluster)),
      counts: table.counts,
    },
  };
}

/** Every k-th row, so that the picture stays one that a browser can draw. */
function projectionOf({ labels, features }: Dataset, groups: ArrayLike<number>): Pick<ReportInput, "projection"> {
  const matrix = matrixOf(features);
  const [rows = 0, width = 0] = matrix.shape;
  if (width < 2 || rows < 2) return {};
  const every = Math.ceil(rows / MOST_POINTS);
  const shown = Int32Array.from({ length: Math.ceil(rows / every) }, (_, index) => index * every);
  const { scores, explainedVariance } = principalComponents(takeRows(matrix, shown), 2);
  return {
    projection: {
      x: Float64Array.from(shown, (_, index) => scores.data[2 * index]!),
      y: Float64Array.from(shown, (_, index) => scores.data[2 * index + 1]!),
      cluster: shown.map((row) => groups[row]!),
      ...(labels ? { label: Array.from(shown, (row) => labels.names[labels.indices[row]!]!) } : {}),
      explained: explainedVariance,
    },
  };
}

function leastSure(
  data: Dataset,
  { predicted, confidence, posteriors }: Assignments,
): NonNullable<ReportInput["worst"]> {
  const rows = Array.from(confidence, (_, row) => row).sort((a, b) => confidence[a]! - confidence[b]! || a - b);
  const width = posteriors.shape[1]!;
  return rows.slice(0, Math.min(WORST, rowsOf(data))).map((row) => {
    const shares = posteriors.data.subarray(row * width, (row + 1) * width);
    const cluster = predicted[row]!;
    let runnerUp = cluster === 0 && width > 1 ? 1 : 0;
    shares.forEach((share, k) => {
      if (k !== cluster && share > shares[runnerUp]!) runnerUp = k;
    });
    const { labels } = data;
    return {
      row,
      cluster,
      confidence: confidence[row]!,
      runnerUp,
      ...(labels ? { label: labels.names[labels.indices[row]!]! } : {}),
      ...pictureOf(data, row),
    };
  });
}
