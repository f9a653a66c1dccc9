import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ComponentReference, ConfigError, type Dataset, ndarray } from "@semblance/core";
import { loadDataset } from "@semblance/data";
import type { MetricLearningOptions } from "@semblance/estimators";
import { fits, ownRecall, type RetrievalExperiment, type RetrievalLine, subset, zeroShotScores } from "./retrieval.js";

const perClass: ComponentReference = { name: "per-class", classes: 32, samplesPerClass: 4 };
const pairsOfClasses: ComponentReference = { name: "n-pair", classes: 64 };
const unit = { width: 64, activation: "normalise" } as const;
const raw = { width: 64, activation: "none" } as const;

/** Nothing is learned. */
const RAW = "raw pixels";

/** What is trained with: 128 pictures a batch each. */
const METHODS: Readonly<Record<string, MetricLearningOptions>> = {
  contrastive: {
    loss: { name: "metric/contrastive", form: "hadsell", divergence: "euclidean", normalise: false, margin: 1 },
    sampler: perClass,
    embedding: unit,
  },
  "triplet distance-weighted": {
    loss: {
      name: "metric/triplet",
      mining: "distance-weighted",
      divergence: "euclidean",
      normalise: false,
      margin: 0.2,
      reduction: "mean-nonzero",
    },
    sampler: perClass,
    embedding: unit,
  },
  "n-pair": { loss: { name: "metric/n-pair", penalty: 3e-3 }, sampler: pairsOfClasses, embedding: raw },
  "multi-similarity": { loss: "metric/multi-similarity", sampler: perClass, embedding: unit },
  "proxy-anchor": { loss: "metric/proxy-anchor", sampler: perClass, embedding: unit },
  "n-pair learned divergence": {
    loss: { name: "metric/n-pair", divergence: "mahalanobis", normalise: false },
    sampler: pairsOfClasses,
    embedding: raw,
  },
};

/** Pictures of 964 characters of 30 alphabets, 20 each; those of ten alphabets are never trained on. */
async function characters(folder: string): Promise<{ readonly train: Dataset; readonly test: Dataset }> {
  const { splits } = await loadDataset(join(folder, "background-images-28x28-idx3-ubyte.gz"), {
    labels: join(folder, "background-labels-idx1-int16.gz"),
    scale: 255,
  });
  const [, ...lines] = (await readFile(join(folder, "background-classes.csv"), "utf8")).trim().split("\n");
  const alphabets = lines.map((line) => Number(line.split(",")[2]));
  const { indices, names } = splits.train.labels!;
  const tested = Array.from(indices, (label) => alphabets[Number(names[label])]! % 3 === 2);
  const rowsOf = (test: boolean) => tested.flatMap((each, row) => (each === test ? [row] : []));
  return { train: subset(splits.train, rowsOf(false)), test: subset(splits.train, rowsOf(true)) };
}

/** Zero-shot retrieval of handwritten characters. Omniglot is not shipped here: `--data` names its folder. */
export const omniglot: RetrievalExperiment = {
  title: "Omniglot, characters of unseen alphabets",
  protocol:
    "Trained on 20 alphabets, scored on the other 10 (index mod 3 = 2). LeNet-5 with an embedding of 64, Adam 1e-3, 128 pictures a batch, 20 epochs unless said otherwise. Embeddings are compared by Euclid, or by the learned divergence where there is one; k-means is of embeddings, with one start.",
  async run(choices, onLine) {
    const { losses = [RAW, ...Object.keys(METHODS)], epochs = 20, data } = choices;
    if (data === undefined) {
      throw new ConfigError("DATA_MISSING", "Omniglot is not shipped here", {
        where: "--data",
        fix: "Name the folder with background-images-28x28-idx3-ubyte.gz, its labels and background-classes.csv: --data DIR.",
      });
    }
    const { train, test } = await characters(data);
    const labels = test.labels!.indices;
    const lines: RetrievalLine[] = [];
    const tell = (line: RetrievalLine) => {
      lines.push(line);
      onLine(line);
    };
    for (const method of losses) {
      if (method === RAW) {
        const began = performance.now();
        const pixels = ndarray("float32", [labels.length, 28 * 28], test.features.data);
        const scores = zeroShotScores(pixels, labels, 0);
        tell({
          setting: { method, epochs: 0 },
          runs: [{ seed: 0, seconds: (performance.now() - began) / 1000, scores }],
        });
        continue;
      }
      const options = METHODS[method];
      if (!options) {
        throw new ConfigError("METHOD_UNKNOWN", `there is no method "${method}"`, {
          where: "--losses",
          fix: `There are ${[RAW, ...Object.keys(METHODS)].join("; ")}.`,
        });
      }
      const runs = await fits(
        { ...options, model: "lenet5", epochs, learningRate: 1e-3 },
        train,
        choices,
        async (estimator) => ({
          ...zeroShotScores(await estimator.embed(test), labels, 0),
          ...(method.includes("learned divergence") ? await ownRecall(estimator, test) : {}),
        }),
      );
      tell({ setting: { method, epochs }, runs });
    }
    return lines;
  },
};
