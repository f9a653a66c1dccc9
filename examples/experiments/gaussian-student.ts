import { type Choices, type Experiment, type Line, paperLoss, points, runsOf } from "./experiment.js";
import { gaussianStudentTarget } from "./paper-tables.js";

const LOSSES = ["gemini/mmd-ova", "gemini/mmd-ovo", "gemini/kl-ova", "gemini/kl-ovo"];

/** The distances and kernels of the paper's runs. */
const comparison = (loss: string) =>
  loss.startsWith("gemini/mmd-")
    ? { kernel: "linear" }
    : loss.startsWith("gemini/wasserstein-")
      ? { distance: "euclidean" }
      : {};

/**
 * Three Gaussian clusters and one of a Student distribution, whose outliers lie hundreds of deviations away: what cannot look past them
 * puts them into clusters of their own.
 */
export const gaussianStudent: Experiment = {
  title: "Gaussian and Student mixture",
  protocol:
    "The 5,000 points of the paper's released runs (α = 5, seed 0), scored on themselves as there. 2–20 tanh–20–K, Adam 1e-3, batches of 100, 100 epochs; linear kernel, Euclidean distance.",
  async run(choices: Choices, onLine) {
    const { df = [2, 1], clusters = [4, 8], losses = LOSSES, epochs = 100 } = choices;
    const lines: Line[] = [];
    for (const loss of losses) {
      for (const freedom of df) {
        const data = await points(`gaussian-student-df${freedom}`);
        for (const most of clusters) {
          const options = {
            clusters: most,
            loss: paperLoss(loss, choices),
            ...comparison(loss),
            model: { name: "mlp", hidden: [20, 20], activation: ["tanh", "none"] },
            batchSize: 100,
            learningRate: 1e-3,
            epochs,
          };
          const paper = gaussianStudentTarget(loss, freedom, most);
          const line: Line = {
            setting: { loss, df: freedom, K: most },
            runs: await runsOf(options, data, choices),
            ...(paper ? { paper } : {}),
          };
          lines.push(line);
          onLine(line);
        }
      }
    }
    return lines;
  },
};
