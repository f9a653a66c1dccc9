import { z } from "zod";
import { defineOptimizer } from "../../contracts/optimizer.js";
import type { Tensor } from "../../ir/tensor.js";
import { add } from "../../ops/add.js";
import { mul } from "../../ops/mul.js";
import { sub } from "../../ops/sub.js";

/**
 * Stochastic gradient descent with momentum μ and weight decay λ.
 *
 *     g ← g + λθ;   b ← μb + g;   θ ← θ − η·b          (Nesterov: θ ← θ − η·(g + μb))
 *
 * Source   Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning", ICML 2013,
 *          with the velocity scaled by 1/η, as deep-learning libraries have it.
 */
export const sgd = defineOptimizer({
  name: "sgd",
  summary: "Stochastic gradient descent with momentum, Nesterov momentum and weight decay.",
  formula: "b ← μb + g + λθ;  θ ← θ − η·b",
  source: "Sutskever et al., ICML 2013",
  examples: [{}, { momentum: 0.9 }, { momentum: 0.9, nesterov: true, weightDecay: 0.01 }],
  config: z
    .strictObject({
      momentum: z.number().min(0).lt(1).default(0).describe("μ, the share of the last step that is kept, 0 to below 1"),
      nesterov: z.boolean().default(false).describe("whether the gradient is taken ahead of the momentum step"),
      weightDecay: z.number().min(0).default(0).describe("λ, added to the gradient as λθ, 0 or more"),
    })
    .refine((config) => !config.nesterov || config.momentum > 0, {
      path: ["nesterov"],
      message: "Nesterov needs momentum above 0",
    }),
  slots: ({ momentum }) => (momentum > 0 ? ["velocity"] : []),
  scalars: (_, learningRate) => ({ learningRate }),
  update({ parameter, gradient, slots, scalars }, { momentum, nesterov, weightDecay }) {
    const g = weightDecay > 0 ? add(gradient, mul(parameter, weightDecay)) : gradient;
    const velocity = momentum > 0 ? add(mul(slots.velocity!, momentum), g) : g;
    const direction = nesterov ? add(g, mul(velocity, momentum)) : velocity;
    return {
      parameter: sub(parameter, mul(direction, scalars.learningRate!)),
      slots: momentum > 0 ? { velocity } : ({} as Record<string, Tensor>),
    };
  },
});
