import { join } from "node:path";
import { type ComponentReference, ConfigError, type Dataset } from "@semblance/core";
import { loadDataset } from "@semblance/data";
import { holdOutRows, MetricLearning, type MetricLearningOptions, selectBest } from "@semblance/estimators";
import type { Choices } from "./experiment.js";
import {
  backendOf,
  fits,
  processorSecondsSince,
  type RetrievalExperiment,
  type RetrievalLine,
  subset,
} from "./retrieval.js";

const NEIGHBOURS = 5;
/** 5,000 of the 60,000 digits: the epoch is chosen by them. */
const VALIDATION = { fraction: 1 / 12, gallery: 5000, measure: { name: "knn-accuracy", k: NEIGHBOURS } } as const;
/** Settings are compared on a third of the digits, in a few epochs, by 5,000 of them that are held out. */
const PART = 3;
const SHORT = { epochs: 3, validation: { ...VALIDATION, fraction: 1 / 4 } } as const;
/** Epochs of cross-entropy first, for the hard divergence. */
const WARM_UP = 2;

/** What is chosen among, within the ranges of the paper. */
interface Setting {
  readonly margin: number;
  readonly learningRate: number;
}

const SETTINGS: readonly Setting[] = [
  { margin: 0.5, learningRate: 1e-3 },
  { margin: 1, learningRate: 1e-3 },
  { margin: 2, learningRate: 1e-3 },
  { margin: 1, learningRate: 3e-3 },
];

/** A divergence and a loss of the paper's table, with what the paper reached. */
interface Method {
  readonly divergence: "squared-euclidean" | "max-affine";
  readonly loss: ComponentReference & object;
  readonly paper?: number;
  readonly warmUp: number;
  /** Shows what happens without the warm-up: in a short run, with the first setting. */
  readonly ablation?: true;
}

const contrastive = { name: "metric/contrastive", form: "paper" };
const triplet = { name: "metric/triplet", mining: "all", reduction: "mean-valid" };
const METHODS: Readonly<Record<string, Method>> = {
  "Euclid triplet": { divergence: "squared-euclidean", loss: triplet, warmUp: 0, paper: 0.995 },
  "Euclid contrastive": { divergence: "squared-euclidean", loss: contrastive, warmUp: 0, paper: 0.9963 },
  "Bregman triplet": { divergence: "max-affine", loss: triplet, warmUp: WARM_UP, paper: 0.9961 },
  "Bregman contrastive": { divergence: "max-affine", loss: contrastive, warmUp: WARM_UP, paper: 0.9956 },
  "Bregman contrastive without warm-up": { divergence: "max-affine", loss: contrastive, warmUp: 0, ablation: true },
};

const MODEL = { name: "conv-branches", filters: [16, 32, 64], batchNorm: true, branch: 50 };

async function part(folder: string, name: string): Promise<Dataset> {
  const file = (kind: string) => join(folder, `${name}-${kind}.gz`);
  const { splits } = await loadDataset(file("images-idx3-ubyte"), {
    labels: file("labels-idx1-ubyte"),
    offset: 127.5,
    scale: 127.5,
  });
  return splits.train;
}

/** Accuracy by the vote of the nearest training rows, D(query, stored); of equal votes the lowest class wins. */
async function accuracy(estimator: MetricLearning, gallery: Dataset, test: Dataset): Promise<number> {
  const { indices } = await estimator.neighbours(test.features, { k: NEIGHBOURS, gallery: gallery.features });
  const stored = gallery.labels!.indices;
  const truth = test.labels!.indices;
  let right = 0;
  for (let row = 0; row < truth.length; row++) {
    const votes = new Map<number, number>();
    for (let n = 0; n < NEIGHBOURS; n++) {
      const label = stored[indices.data[row * NEIGHBOURS + n]!]!;
      votes.set(label, (votes.get(label) ?? 0) + 1);
    }
    const [[winner]] = [...votes].sort(([a, x], [b, y]) => y - x || a - b) as [[number, number]];
    if (winner === truth[row]) right += 1;
  }
  return right / truth.length;
}

/** The benchmark of deep Bregman divergences on digits. MNIST is not shipped here: `--data` names the folder with its four files. */
export const mnistNeighbours: RetrievalExperiment = {
  title: "MNIST, classified by the nearest neighbours of embeddings",
  protocol: `Trained on 55,000 digits; the epoch that is kept is chosen by 5,000 others, and before that margin and learning rate, in ${SHORT.epochs} epochs of each of ${SETTINGS.length} settings on 20,000. Then ${NEIGHBOURS} neighbours among the 55,000 classify the 10,000 of the test part, once. Three convolutions of 16, 32 and 64 filters with batch normalisation, ten branches of 50, Adam with a cosine schedule, batches of 128; for the hard divergence ${WARM_UP} epochs of cross-entropy first.`,
  async run(choices, onLine) {
    const { losses = Object.keys(METHODS), epochs = 8, data } = choices;
    if (data === undefined) {
      throw new ConfigError("DATA_MISSING", "MNIST is not shipped here", {
        where: "--data",
        fix: "Name the folder with train-images-idx3-ubyte.gz and the other three files: --data DIR.",
      });
    }
    const [train, test] = [await part(data, "train"), await part(data, "t10k")];
    // What held-out rows have decided they do not answer for: neighbours are the digits that were trained on.
    const { train: gallery } = holdOutRows(train, { by: "row", fraction: VALIDATION.fraction, seed: 0 });
    const lines: RetrievalLine[] = [];
    for (const name of losses) {
      const method = METHODS[name];
      if (!method) {
        throw new ConfigError("METHOD_UNKNOWN", `there is no method "${name}"`, {
          where: "--losses",
          fix: `There are ${Object.keys(METHODS).join(", ")}.`,
        });
      }
      const line = await tryMethod(name, method, { ...choices, epochs }, { train, gallery, test });
      lines.push(line);
      onLine(line);
    }
    return lines;
  },
};

interface Digits {
  readonly train: Dataset;
  readonly gallery: Dataset;
  readonly test: Dataset;
}

/** Chooses a setting in short runs, trains with it for longer, and scores the epoch that did best on the held-out digits. */
async function tryMethod(
  name: string,
  method: Method,
  choices: Choices & { readonly epochs: number },
  { train, gallery, test }: Digits,
): Promise<RetrievalLine> {
  const { ablation, paper } = method;
  const began = performance.now();
  const used = process.cpuUsage();
  const every = Array.from({ length: Math.floor(train.features.shape[0]! / PART) }, (_, row) => row);
  const fewer = subset(train, every);
  const shortly = (setting: Setting) => ({ ...optionsOf(method, setting), ...told(name), ...SHORT });
  const tried = ablation
    ? { setting: SETTINGS[0]!, all: [] }
    : await selectBest(SETTINGS, async (setting) => {
        const own = { backend: backendOf(choices), seed: choices.seed ?? 0 };
        return await new MetricLearning({ ...shortly(setting), ...own }).fit(fewer);
      });
  const choosing = { seconds: (performance.now() - began) / 1000, processorSeconds: processorSecondsSince(used) };
  const { margin, learningRate } = tried.setting;
  const full = { ...optionsOf(method, tried.setting), ...told(name), epochs: choices.epochs };
  const kept: number[] = [];
  const [options, rows] = ablation ? [shortly(tried.setting), fewer] : [full, train];
  const runs = await fits(options, rows, choices, async (estimator) => {
    const { epoch, score } = estimator.history!.selected!;
    kept.push(epoch + 1);
    return { accuracy: await accuracy(estimator, gallery, test), validation: score };
  });
  return {
    setting: { method: name, margin, "learning rate": learningRate, epochs: options.epochs, kept: kept.join(", ") },
    tried: tried.all.map(({ setting, score }) => ({ ...setting, validation: score })),
    // Choosing a setting is part of what a method costs.
    runs: runs.map((run) => ({
      ...run,
      seconds: run.seconds + choosing.seconds,
      processorSeconds: run.processorSeconds! + choosing.processorSeconds,
    })),
    ...(paper === undefined ? {} : { paper: { accuracy: paper } }),
  };
}

const optionsOf = ({ divergence, loss, warmUp }: Method, { margin, learningRate }: Setting) => ({
  loss: { ...loss, margin, divergence, normalise: false },
  model: MODEL,
  embedding: { width: 10, activation: "none" as const },
  sampler: { name: "shuffle", batchSize: 128 },
  warmup: warmUp > 0 ? { epochs: warmUp } : (false as const),
  // The squared gradients of the warm-up are soon forgotten: those of the loss are larger, and first steps would be too.
  optimizer: { name: "adam", beta2: 0.99 },
  schedule: "cosine",
  validation: VALIDATION,
  learningRate,
});

/** Says on standard error how a run goes on, and what it costs of a processor. */
function told(method: string): Pick<MetricLearningOptions, "onEvent"> {
  return {
    onEvent(event) {
      if (event.type !== "validation") return;
      const seconds = processorSecondsSince().toFixed(0);
      console.error(
        `${method}: epoch ${event.epoch + 1}, ${event.name} ${event.score.toFixed(4)}, ${seconds} s of a processor so far`,
      );
    },
  };
}
