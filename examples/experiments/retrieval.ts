import { type ComponentReference, type Dataset, Key, type NdArray, ndarray } from "@semblance/core";
import { MetricLearning, type MetricLearningOptions } from "@semblance/estimators";
import { kMeans, normalisedMutualInformation, pairwiseF1, recallAtK } from "@semblance/eval";
import type { Choices } from "./experiment.js";
import { mean, spread } from "./experiment.js";

/** A line of a table of learned distances. */
export interface RetrievalLine {
  readonly setting: Readonly<Record<string, string | number>>;
  /** Settings that were chosen among, with their scores on held-out rows. */
  readonly tried?: readonly Readonly<Record<string, number>>[];
  readonly runs: readonly RetrievalRun[];
  /** What the paper reached, by score. */
  readonly paper?: Readonly<Record<string, number>>;
}

export interface RetrievalRun {
  readonly seed: number;
  readonly seconds: number;
  /** Processor time, which a busy machine does not lengthen. */
  readonly processorSeconds?: number;
  readonly scores: Readonly<Record<string, number>>;
}

export interface RetrievalExperiment {
  readonly title: string;
  readonly protocol: string;
  run(choices: Choices, onLine: (line: RetrievalLine) => void): Promise<readonly RetrievalLine[]>;
}

/** One fit for each seed, on some classes, scored by what it makes of rows of others. */
export async function fits(
  options: MetricLearningOptions,
  train: Dataset,
  choices: Choices,
  score: (estimator: MetricLearning) => Promise<RetrievalRun["scores"]>,
): Promise<RetrievalRun[]> {
  const { runs = 1, seed = 0 } = choices;
  const done: RetrievalRun[] = [];
  for (let each = seed; each < seed + runs; each++) {
    const began = performance.now();
    const used = process.cpuUsage();
    const estimator = await new MetricLearning({ ...options, backend: backendOf(choices), seed: each }).fit(train);
    try {
      const scores = await score(estimator);
      const seconds = (performance.now() - began) / 1000;
      done.push({ seed: each, seconds, processorSeconds: processorSecondsSince(used), scores });
    } finally {
      await estimator.dispose();
    }
  }
  return done;
}

/** Seconds that this process took of a processor since a reading of `process.cpuUsage`, or since it began. */
export function processorSecondsSince(used?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1e6;
}

/** The backend that was asked for, with its threads. */
export const backendOf = ({ backend = "ort", threads }: Choices): ComponentReference =>
  threads === undefined ? backend : { name: backend, threads };

/** Recall at 1 and 8 by Euclid, and k-means with as many clusters as there are classes: NMI and pairwise F1. */
export function zeroShotScores(embeddings: NdArray, labels: Int32Array, seed: number): RetrievalRun["scores"] {
  const classes = new Set(labels).size;
  const { labels: clusters } = kMeans({
    data: embeddings,
    clusters: classes,
    key: Key.fromSeed(seed),
    restarts: 1,
    maxIterations: 30,
  });
  return {
    "recall@1": recallAtK({ embeddings, labels }, { k: 1 }),
    "recall@8": recallAtK({ embeddings, labels }, { k: 8 }),
    NMI: normalisedMutualInformation(labels, clusters),
    F1: pairwiseF1(labels, clusters),
  };
}

/** Recall by the neighbours that an estimator finds with its own divergence. */
export async function ownRecall(
  estimator: MetricLearning,
  { features, labels }: Dataset,
): Promise<RetrievalRun["scores"]> {
  const known = labels!.indices;
  const { indices } = await estimator.neighbours(features, { k: 8 });
  const share = (k: number) => {
    const found = Array.from(known, (label, row) =>
      indices.data.slice(row * 8, row * 8 + k).some((other) => known[other] === label) ? 1 : 0,
    );
    return mean(found);
  };
  return { "recall@1": share(1), "recall@8": share(8) };
}

/** Rows of a data set, with the classes that occur among them numbered anew. */
export function subset(data: Dataset, rows: readonly number[]): Dataset {
  const [, ...item] = data.features.shape;
  const size = item.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(rows.length * size);
  rows.forEach((row, at) => values.set(data.features.data.subarray(row * size, (row + 1) * size), at * size));
  const { indices, names } = data.labels!;
  const known = [...new Set(rows.map((row) => indices[row]!))].sort((a, b) => a - b);
  const numbers = new Map(known.map((label, at) => [label, at]));
  const { name } = data;
  return {
    name,
    features: ndarray("float32", [rows.length, ...item], values),
    labels: {
      indices: Int32Array.from(rows, (row) => numbers.get(indices[row]!)!),
      names: known.map((label) => names[label]!),
    },
  };
}

/** The lines as a table for people, in Markdown: scores as mean (standard deviation), the paper's in brackets. */
export function retrievalTable(lines: readonly RetrievalLine[]): string {
  const keys = [...new Set(lines.flatMap(({ setting }) => Object.keys(setting)))];
  const scores = [...new Set(lines.flatMap(({ runs }) => runs.flatMap((run) => Object.keys(run.scores))))];
  const rows = lines.map(({ setting, runs, paper }) => [
    ...keys.map((key) => String(setting[key] ?? "")),
    String(runs.length),
    ...scores.map((score) =>
      cell(
        runs.map((run) => run.scores[score]!),
        paper?.[score],
      ),
    ),
    mean(runs.map(({ seconds }) => seconds)).toFixed(0),
    mean(runs.map(({ seconds, processorSeconds = seconds }) => processorSeconds)).toFixed(0),
  ]);
  const head = [...keys, "runs", ...scores, "seconds a run", "of processor"];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(values: readonly number[], paper: number | undefined): string {
  const own = values.length > 1 ? `${mean(values).toFixed(3)} (${spread(values).toFixed(3)})` : values[0]!.toFixed(3);
  return paper === undefined ? own : `${own} [${paper.toFixed(3)}]`;
}
