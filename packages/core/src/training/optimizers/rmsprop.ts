import { z } from "zod";
import { defineOptimizer } from "../../contracts/optimizer.js";
import { add } from "../../ops/add.js";
import { div } from "../../ops/div.js";
import { mul } from "../../ops/mul.js";
import { sqrt } from "../../ops/sqrt.js";
import { sub } from "../../ops/sub.js";

/**
 * RMSprop: v ← αv + (1 − α)g²;  θ ← θ − η·g/(√v + ε), with optional momentum μ on the scaled gradient.
 *
 * Source   Tieleman & Hinton, Coursera "Neural Networks for Machine Learning", lecture 6.5, 2012
 */
export const rmsprop = defineOptimizer({
  name: "rmsprop",
  summary: "RMSprop: steps divided by a running root mean square of the gradient.",
  formula: "θ ← θ − η·g/(√v + ε)",
  source: "Tieleman & Hinton, lecture 6.5, 2012",
  config: z.strictObject({
    decay: z.number().min(0).lt(1).default(0.99).describe("α, decay of the mean squared gradient, 0 to below 1"),
    epsilon: z.number().positive().default(1e-8).describe("added to the root of the mean squared gradient, above 0"),
    momentum: z.number().min(0).lt(1).default(0).describe("μ, the share of the last step that is kept, 0 to below 1"),
    weightDecay: z.number().min(0).default(0).describe("λ, added to the gradient as λθ, 0 or more"),
  }),
  slots: ({ momentum }) => (momentum > 0 ? ["square", "velocity"] : ["square"]),
  scalars: (_, learningRate) => ({ learningRate }),
  update({ parameter, gradient, slots, scalars }, { decay, epsilon, momentum, weightDecay }) {
    const g = weightDecay > 0 ? add(gradient, mul(parameter, weightDecay)) : gradient;
    const square = add(mul(slots.square!, decay), mul(mul(g, g), 1 - decay));
    const scaled = div(g, add(sqrt(square), epsilon));
    const velocity = momentum > 0 ? add(mul(slots.velocity!, momentum), scaled) : scaled;
    return {
      parameter: sub(parameter, mul(velocity, scalars.learningRate!)),
      slots: { square, ...(momentum > 0 ? { velocity } : {}) },
    };
  },
});
