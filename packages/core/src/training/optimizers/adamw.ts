import { z } from "zod";
import { defineOptimizer } from "../../contracts/optimizer.js";
import { mul } from "../../ops/mul.js";
import { sub } from "../../ops/sub.js";
import { adamKeys, adamScalars, adamStep } from "./adam.js";

/**
 * Adam with decoupled weight decay: θ ← (1 − ηλ)θ − η·m̂/(√v̂ + ε).
 *
 * Source   Loshchilov & Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, Algorithm 2
 */
export const adamw = defineOptimizer({
  name: "adamw",
  summary: "Adam with weight decay taken from the parameters directly instead of through the gradient.",
  formula: "θ ← (1 − ηλ)θ − η·m̂/(√v̂ + ε)",
  source: "Loshchilov & Hutter, ICLR 2019, Algorithm 2",
  config: z.strictObject({
    ...adamKeys,
    weightDecay: z
      .number()
      .min(0)
      .default(0.01)
      .describe("λ, the share of a parameter taken away per step and learning rate, 0 or more"),
  }),
  slots: () => ["mean", "square"],
  scalars: (step, learningRate, config) => ({
    ...adamScalars(step, learningRate, config),
    kept: 1 - learningRate * config.weightDecay,
  }),
  update(context, config) {
    const { change, slots } = adamStep(context, config);
    return { parameter: sub(mul(context.parameter, context.scalars.kept!), change), slots };
  },
});
