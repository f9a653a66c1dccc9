import {
  defineDivergence,
  div,
  exp,
  logSoftmax,
  logSumExp,
  matmul,
  matrixTranspose,
  mul,
  relu,
  reshape,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";
import { setMeans } from "../sets/set-mean.js";

const config = z.strictObject({
  temperature: z.number().positive().default(1).describe("τ, above 0; towards 0 it becomes max-affine"),
});
type Config = z.infer<typeof config>;

/**
 * The smooth deep Bregman divergence: φ(z) = τ·log Σ_c exp(z_c/τ) instead of a maximum, so that gradients reach both arguments.
 *
 *     D(x, y) = φ(z(x)) − φ(z(y)) − ⟨z(x) − z(y), softmax(z(y)/τ)⟩ = τ·KL(softmax(z(y)/τ) ‖ softmax(z(x)/τ))
 *
 * Shapes   z(x): [n, k], z(y): [m, k]  →  [n, m]; of sets, outputs are averaged over a set first
 * Laws     D ≥ 0; unchanged by a number added to all outputs of a row; the limit τ → 0 is max-affine, away from ties
 */
export const logSumExpDivergence = defineDivergence({
  name: "log-sum-exp",
  summary: "Deep Bregman divergence of a soft maximum over learned outputs.",
  formula: "D(x, y) = τ·KL(softmax(z(y)/τ) ‖ softmax(z(x)/τ))",
  config,
  examples: [{}, { temperature: 0.5 }],
  outputs: (_, { classes }) => classes,
  matrix: (x, y, settings: Config) => between(x, y, settings),
  paired(x, y, { temperature }: Config) {
    const [logX, logY] = [logSoftmax(div(x, temperature)), logSoftmax(div(y, temperature))];
    return relu(mul(sum(mul(exp(logY), sub(logY, logX)), { axes: [1] }), temperature));
  },
  sets: (first, second, settings: Config) => between(setMeans(first), setMeans(second), settings),
  generator: (x, { temperature }: Config) => mul(logSumExp(div(x, temperature), { axes: [1] }), temperature),
});

function between(x: Tensor, y: Tensor, { temperature }: Config): Tensor {
  const logX = logSoftmax(div(x, temperature));
  const logY = x === y ? logX : logSoftmax(div(y, temperature));
  const shares = exp(logY);
  const own = reshape(sum(mul(shares, logY), { axes: [1] }), [1, y.shape[0]!]);
  // Rounding makes equal rows differ by less than nothing.
  return relu(mul(sub(own, matmul(logX, matrixTranspose(shares))), temperature));
}
