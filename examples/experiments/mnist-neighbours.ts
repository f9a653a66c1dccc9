import { join } from "node:path";
import { type ComponentReference, ConfigError, type Dataset } from "@semblance/core";
import { loadDataset } from "@semblance/data";
import type { MetricLearning } from "@semblance/estimators";
import { fits, type RetrievalExperiment, type RetrievalLine, type RetrievalRun, subset } from "./retrieval.js";

const NEIGHBOURS = 5;
/** Training rows that neighbours are looked for among. */
const GALLERY = 10_000;

/** A divergence and a loss of the paper's table, with what the paper reached. */
interface Method {
  readonly divergence: "squared-euclidean" | "max-affine";
  readonly loss: ComponentReference & object;
  readonly warmUp: boolean;
  readonly paper?: number;
}

const contrastive = { name: "metric/contrastive", form: "paper", margin: 1 };
const triplet = { name: "metric/triplet", mining: "all", margin: 0.5, reduction: "mean-nonzero" };
const METHODS: Readonly<Record<string, Method>> = {
  "Euclid triplet": { divergence: "squared-euclidean", loss: triplet, warmUp: true, paper: 0.995 },
  "Euclid contrastive": { divergence: "squared-euclidean", loss: contrastive, warmUp: true, paper: 0.9963 },
  "Bregman triplet": { divergence: "max-affine", loss: triplet, warmUp: true, paper: 0.9961 },
  "Bregman contrastive": { divergence: "max-affine", loss: contrastive, warmUp: true, paper: 0.9956 },
  "Bregman contrastive without warm-up": { divergence: "max-affine", loss: contrastive, warmUp: false },
};

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
async function accuracy(estimator: MetricLearning, gallery: Dataset, test: Dataset): Promise<RetrievalRun["scores"]> {
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
  return { accuracy: right / truth.length };
}

/** The benchmark of deep Bregman divergences on digits. MNIST is not shipped here: `--data` names the folder with its four files. */
export const mnistNeighbours: RetrievalExperiment = {
  title: "MNIST, classified by the nearest neighbours of embeddings",
  protocol: `Trained on the 60,000 digits, ${NEIGHBOURS} neighbours among ${GALLERY} of them, scored on the 10,000 others. Two convolutions of 32 and 64 filters, ten branches of 100, Adam 1e-3, batches of 128, one epoch of cross-entropy first, 4 epochs in all unless said otherwise. Nothing is selected: the paper selects by the accuracy that it reports.`,
  async run(choices, onLine) {
    const { losses = Object.keys(METHODS), epochs = 4, data } = choices;
    if (data === undefined) {
      throw new ConfigError("DATA_MISSING", "MNIST is not shipped here", {
        where: "--data",
        fix: "Name the folder with train-images-idx3-ubyte.gz and the other three files: --data DIR.",
      });
    }
    const [train, test] = [await part(data, "train"), await part(data, "t10k")];
    const gallery = subset(
      train,
      Array.from({ length: GALLERY }, (_, row) => row),
    );
    const lines: RetrievalLine[] = [];
    for (const method of losses) {
      const chosen = METHODS[method];
      if (!chosen) {
        throw new ConfigError("METHOD_UNKNOWN", `there is no method "${method}"`, {
          where: "--losses",
          fix: `There are ${Object.keys(METHODS).join(", ")}.`,
        });
      }
      const { divergence, loss, warmUp, paper } = chosen;
      const runs = await fits(
        {
          loss: { ...loss, divergence, normalise: false },
          model: "conv-branches",
          embedding: { width: 10, activation: "none" },
          sampler: { name: "shuffle", batchSize: 128 },
          stages: warmUp ? [{ epochs: 1, loss: "classification/cross-entropy" }] : [],
          epochs,
          learningRate: 1e-3,
        },
        train,
        choices,
        (estimator) => accuracy(estimator, gallery, test),
      );
      const line: RetrievalLine = {
        setting: { method, epochs },
        runs,
        ...(paper === undefined ? {} : { paper: { accuracy: paper } }),
      };
      lines.push(line);
      onLine(line);
    }
    return lines;
  },
};
