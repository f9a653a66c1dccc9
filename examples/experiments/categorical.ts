import { type Choices, type Experiment, type Line, points, runsOf } from "./experiment.js";

const LOSSES = ["gemini/kl-ova", "gemini/mmd-ova"];

/**
 * Free posteriors, one row of parameters a point: nothing but the loss says which points belong together. Any certain and even assignment
 * has the largest mutual information, so that it finds one at random; the maximum mean discrepancy finds the clusters.
 */
export const categorical: Experiment = {
  title: "Categorical model",
  protocol:
    "Three blobs of 100 points (standard deviation 0.5), K = 3, free logits, Adam 1e-2, all points in a batch, 1,000 steps; linear kernel.",
  async run(choices: Choices, onLine) {
    const { losses = LOSSES, epochs = 1000 } = choices;
    const data = await points("blobs");
    const lines: Line[] = [];
    for (const loss of losses) {
      const options = {
        clusters: 3,
        loss,
        ...(loss.startsWith("gemini/mmd-") ? { kernel: "linear" } : {}),
        model: "categorical",
        batchSize: 100,
        learningRate: 1e-2,
        epochs,
      };
      const line: Line = { setting: { loss, K: 3 }, runs: await runsOf(options, data, { runs: 5, ...choices }) };
      lines.push(line);
      onLine(line);
    }
    return lines;
  },
};
