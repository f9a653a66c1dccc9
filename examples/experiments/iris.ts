import { fileURLToPath } from "node:url";
import { loadDataset } from "@semblance/data";
import type { GeminiClusteringOptions } from "@semblance/estimators";
import { type Choices, type Experiment, type Line, runsOf } from "./experiment.js";

type Estimator = Pick<GeminiClusteringOptions, "loss" | "kernel" | "model" | "regularisers">;

/** How another program's estimator is said here, and the score that it reaches. */
interface Counterpart {
  readonly gemClus: string;
  readonly score: number;
  readonly objective: "gemini/kl-ova" | "gemini/mmd-ova" | "gemini/mmd-ovo";
  /** `loss` is the objective unless it is said here. */
  readonly options: Estimator;
}

const mlp = { name: "mlp", hidden: [20], activation: "relu" };
const sparse = [{ name: "group-lasso", weight: 1e-2 }];

const COUNTERPARTS: readonly Counterpart[] = [
  { gemClus: "LinearMMD, ovo", score: 1.7551, objective: "gemini/mmd-ovo", options: { model: "linear" } },
  { gemClus: "LinearMMD", score: 1.7048, objective: "gemini/mmd-ova", options: { model: "linear" } },
  {
    gemClus: "RIM",
    score: 0.439,
    objective: "gemini/kl-ova",
    options: { model: "linear", loss: { name: "clustering/rim", l2: 0.1 } },
  },
  {
    gemClus: "SparseLinearMMD",
    score: 1.7041,
    objective: "gemini/mmd-ova",
    options: { model: "linear", regularisers: sparse },
  },
  {
    gemClus: "SparseLinearMI",
    score: 0.5812,
    objective: "gemini/kl-ova",
    options: { model: "linear", regularisers: sparse },
  },
  { gemClus: "CategoricalMMD", score: 1.2117, objective: "gemini/mmd-ova", options: { model: "categorical" } },
  { gemClus: "CategoricalModel, mi", score: 0.6577, objective: "gemini/kl-ova", options: { model: "categorical" } },
  { gemClus: "MLPMMD", score: 1.7592, objective: "gemini/mmd-ova", options: { model: mlp } },
  { gemClus: "MLPModel, mi", score: 0.6326, objective: "gemini/kl-ova", options: { model: mlp } },
];

/** The scores that the estimators of GemClus 1.1.1 reach on iris with seed 0, and ours from the same settings. */
export const iris: Experiment = {
  title: "Iris, beside GemClus",
  protocol:
    "150 flowers as they are, K = 3, all in a batch, Adam 1e-3, 1,000 steps; linear kernel. The score is +G of the posteriors at the end, without penalties; within is ±0.05.",
  async run(choices: Choices, onLine) {
    const path = fileURLToPath(new URL("data/iris.csv", import.meta.url));
    const { splits } = await loadDataset(path, { labels: "label" });
    const lines: Line[] = [];
    for (const { gemClus, score, objective, options } of COUNTERPARTS) {
      if (choices.losses && !choices.losses.includes(objective)) continue;
      const kernel = objective === "gemini/kl-ova" ? {} : { kernel: "linear" };
      const settings = {
        loss: objective,
        clusters: 3,
        ...kernel,
        batchSize: 150,
        learningRate: 1e-3,
        epochs: choices.epochs ?? 1000,
        ...options,
      };
      const line: Line = {
        setting: { GemClus: gemClus, objective },
        runs: await runsOf(
          settings,
          splits.train,
          { runs: 5, ...choices },
          { objective: { name: objective, ...kernel } },
        ),
        target: { score, tolerance: 0.05 },
      };
      lines.push(line);
      onLine(line);
    }
    return lines;
  },
};
