import { z } from "zod";
import type { UpdateContext } from "../../contracts/optimizer.js";
import { defineOptimizer } from "../../contracts/optimizer.js";
import type { Tensor } from "../../ir/tensor.js";
import { add } from "../../ops/add.js";
import { div } from "../../ops/div.js";
import { mul } from "../../ops/mul.js";
import { sqrt } from "../../ops/sqrt.js";
import { sub } from "../../ops/sub.js";

export const adamKeys = {
  beta1: z.number().min(0).lt(1).default(0.9).describe("decay of the mean gradient, 0 to below 1"),
  beta2: z.number().min(0).lt(1).default(0.999).describe("decay of the mean squared gradient, 0 to below 1"),
  epsilon: z.number().positive().default(1e-8).describe("added to the root of the mean squared gradient, above 0"),
};

export interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * The scalars of a step when the moments are kept without their factors 1 − β, which saves passes over the parameters:
 * with M = m/(1 − β₁) and V = v/(1 − β₂) Adam's step is stepSize·M/(√V + offset).
 */
export function adamScalars(step: number, learningRate: number, { beta1, beta2, epsilon }: AdamConfig) {
  const root = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
  return { stepSize: (learningRate * (1 - beta1)) / ((1 - beta1 ** step) * root), offset: epsilon / root };
}

/** M ← β₁M + g and V ← β₂V + g², and the change of the parameter, stepSize·M/(√V + offset). */
export function adamStep(
  { gradient, slots, scalars }: UpdateContext,
  { beta1, beta2 }: AdamConfig,
): {
  change: Tensor;
  slots: Record<string, Tensor>;
} {
  const mean = add(mul(slots.mean!, beta1), gradient);
  const square = add(mul(slots.square!, beta2), mul(gradient, gradient));
  return { change: mul(div(mean, add(sqrt(square), scalars.offset!)), scalars.stepSize!), slots: { mean, square } };
}

/**
 * Adam.
 *
 *     m ← β₁m + (1 − β₁)g;   v ← β₂v + (1 − β₂)g²;   θ ← θ − η·m̂/(√v̂ + ε),   m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)
 *
 * Source   Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, Algorithm 1
 */
export const adam = defineOptimizer({
  name: "adam",
  summary: "Adam: steps scaled by running moments of the gradient, with bias correction; weight decay as a gradient.",
  formula: "θ ← θ − η·m̂/(√v̂ + ε)",
  source: "Kingma & Ba, ICLR 2015, Algorithm 1",
  config: z.strictObject({
    ...adamKeys,
    weightDecay: z.number().min(0).default(0).describe("λ, added to the gradient as λθ, 0 or more"),
  }),
  slots: () => ["mean", "square"],
  scalars: adamScalars,
  update(context, config: AdamConfig & { readonly weightDecay: number }) {
    const { parameter, gradient } = context;
    const g = config.weightDecay > 0 ? add(gradient, mul(parameter, config.weightDecay)) : gradient;
    const { change, slots } = adamStep({ ...context, gradient: g }, config);
    return { parameter: sub(parameter, change), slots };
  },
});
