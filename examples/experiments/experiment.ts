import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ComponentReference, createCatalogue, type Dataset, type NdArray, scorePosteriors } from "@semblance/core";
import { loadDataset } from "@semblance/data";
import { GeminiClustering, type GeminiClusteringOptions } from "@semblance/estimators";
import { adjustedRandIndex, argMaxRows, assignmentEntropy, decisionRegions, entropyMap } from "@semblance/eval";
import { geminiPlugin } from "@semblance/losses-gemini";

/** What the command passes on; an experiment takes its own defaults where a key is absent. */
export interface Choices {
  readonly runs?: number;
  readonly clusters?: readonly number[];
  readonly df?: readonly number[];
  readonly losses?: readonly string[];
  readonly models?: readonly string[];
  readonly epochs?: number;
  /** The first seed; runs take it and those after it. */
  readonly seed?: number;
  readonly backend?: string;
  readonly threads?: number;
  /** What posteriors below it count as in `gemini/kl-ovo`, 1e-12 by default; 0 for the exact objective. */
  readonly floor?: number;
  /** A folder with material that is not shipped here. */
  readonly data?: string;
  /** A folder for pictures of the first run of each line, where the data lie in the plane. */
  readonly pictures?: string;
}

/** A line of an experiment's table. */
export interface Line {
  /** What was varied, in the order of the columns. */
  readonly setting: Readonly<Record<string, string | number>>;
  readonly runs: readonly Run[];
  /** The paper's mean and spread of the adjusted Rand index, and the clusters that it used. */
  readonly paper?: Published;
  /** The score that another program reached. */
  readonly target?: Target;
}

export interface Target {
  readonly score: number;
  /** How far ours may be from it. */
  readonly tolerance: number;
}

export interface Published {
  readonly ari: number;
  readonly spread?: number;
  readonly used?: number;
}

export interface Run {
  readonly seed: number;
  readonly ari: number;
  readonly used: number;
  readonly seconds: number;
  /** The objective, +G: over the last epoch's batches, or of the posteriors at the end where an experiment says by which. */
  readonly score: number;
  /** The mean entropy of the posteriors, in nats: 0 for a model that is sure of every row. */
  readonly entropy: number;
}

export interface Experiment {
  readonly title: string;
  /** What is trained how, in a sentence or two. */
  readonly protocol: string;
  run(choices: Choices, onLine: (line: Line) => void): Promise<readonly Line[]>;
}

/** A shipped set of points: `x` [n, d] and the classes `y` [n]. */
export async function points(name: string): Promise<Dataset> {
  const path = fileURLToPath(new URL(`data/${name}.npz`, import.meta.url));
  return (await loadDataset(path, { labels: "y" })).splits.train;
}

/**
 * The paper's objective of that name. The authors' program counts posteriors below 1e-12 as that, which bounds the one objective of the
 * paper that has no bound.
 */
export function paperLoss(name: string, { floor = 1e-12 }: Choices): ComponentReference {
  return name === "gemini/kl-ovo" && floor > 0 ? { name, floor } : name;
}

export interface Scoring {
  /** The rows that are predicted: those of the training, as in the paper, unless others are given. */
  readonly rows?: Dataset;
  /** A GEMINI that the posteriors are scored by when the training is over. */
  readonly objective?: ComponentReference;
}

/** One fit for each seed, scored against the classes. */
export async function runsOf(
  options: GeminiClusteringOptions,
  train: Dataset,
  { runs = 1, seed = 0, backend = "ort", threads, pictures }: Choices,
  { rows: scored = train, objective }: Scoring = {},
): Promise<Run[]> {
  const done: Run[] = [];
  for (let each = seed; each < seed + runs; each++) {
    const began = performance.now();
    const named = threads === undefined ? backend : { name: backend, threads };
    const estimator = await new GeminiClustering({ ...options, backend: named, seed: each }).fit(train);
    try {
      const probabilities = await estimator.predictProbabilities(scored);
      const predicted = argMaxRows(probabilities);
      done.push({
        seed: each,
        ari: adjustedRandIndex(scored.labels!.indices, predicted),
        used: new Set(predicted).size,
        score: objective ? await scoreOf(probabilities, scored, objective) : -estimator.history!.losses.at(-1)!,
        entropy: assignmentEntropy(probabilities),
        seconds: (performance.now() - began) / 1000,
      });
      if (pictures !== undefined && each === seed) await draw(estimator, scored, pictures);
    } finally {
      await estimator.dispose();
    }
  }
  return done;
}

async function scoreOf(posteriors: NdArray, { features }: Dataset, loss: ComponentReference): Promise<number> {
  const catalogue = createCatalogue([geminiPlugin]);
  const inputs = catalogue.choose("loss", loss).entry.inputs.data ? { inputs: { data: features } } : {};
  return (await scorePosteriors({ catalogue, loss, posteriors, ...inputs })).score;
}

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The standard deviation over the runs, as the paper gives it: divided by their number. */
export function spread(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Its decision regions and how unsure it is, as `NAME-regions.svg` and `NAME-entropy.svg`. */
async function draw(estimator: GeminiClustering, { name, features, labels }: Dataset, folder: string): Promise<void> {
  const { name: loss, clusters } = estimator.parts().description.loss;
  const set = basename(name, ".npz");
  const picture = {
    points: features,
    labels: labels!.indices,
    posteriors: (rows: NdArray<"float32">) => estimator.predictProbabilities(rows),
    title: `${loss} with at most ${clusters} clusters on ${set}`,
  };
  const file = (kind: string) => join(folder, `${set}-${loss.replaceAll("/", "-")}-${clusters}-${kind}.svg`);
  await mkdir(folder, { recursive: true });
  await writeFile(file("regions"), await decisionRegions(picture));
  await writeFile(file("entropy"), await entropyMap(picture));
}
