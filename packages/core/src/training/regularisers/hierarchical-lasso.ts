import { z } from "zod";
import { defineRegulariser } from "../../contracts/regulariser.js";
import { ConfigError } from "../../errors.js";
import { iota } from "../../functions/constants.js";
import { rootOrZero } from "../../functions/root-or-zero.js";
import { square } from "../../functions/square.js";
import { sort } from "../../functions/top-k.js";
import type { Tensor } from "../../ir/tensor.js";
import { abs } from "../../ops/abs.js";
import { add } from "../../ops/add.js";
import { cast } from "../../ops/cast.js";
import { concat } from "../../ops/concat.js";
import { cumulativeSum } from "../../ops/cumulative-sum.js";
import { div } from "../../ops/div.js";
import { equal } from "../../ops/equal.js";
import { greater } from "../../ops/greater.js";
import { maximum } from "../../ops/maximum.js";
import { minimum } from "../../ops/minimum.js";
import { mul } from "../../ops/mul.js";
import { sign } from "../../ops/sign.js";
import { sub } from "../../ops/sub.js";
import { sum } from "../../ops/sum.js";
import { where } from "../../ops/where.js";
import { parameterShape } from "../choose-regularisers.js";
import { usedRows } from "./used-rows.js";

const config = z.strictObject({
  skip: z.string().default("skip.weight").describe("the weights of the skip connection [features, outputs], by name"),
  hidden: z
    .string()
    .default("hidden.0.weight")
    .describe("the weights of the first hidden layer [features, hidden], by name"),
  hierarchy: z
    .number()
    .positive()
    .default(10)
    .describe("M, how large a feature's hidden weights may be beside those of its skip connection, above 0"),
});

type HierarchicalLassoConfig = z.infer<typeof config>;

/**
 * The lasso of LassoNet, as a proximal map after each step: a feature's hidden weights u are bounded by the norm of its skip
 * connection v, so that both become 0 together.
 *
 *     penalty Σⱼ ‖vⱼ‖  subject to  ‖uⱼ‖_∞ ≤ M‖vⱼ‖;   t = learning rate · weight
 *     with |u| sorted downwards, for s = 0 … h:  n_s = max(‖v‖ − t + M Σ_{r≤s} u₍ᵣ₎, 0)/(1 + sM²),  w_s = M n_s
 *     s* = #{s : u₍ₛ₊₁₎ > w_s} (u₍ₕ₊₁₎ = 0);   v ← n_{s*}·v/‖v‖,  u ← sign(u)·min(|u|, w_{s*})
 *
 * Where v = 0 it has no direction, and the result is (0, 0): a dropped feature stays dropped until a gradient moves its v.
 *
 * Shapes   v: [features, outputs]; u: [features, hidden]
 * Laws     the map solves min ½‖b − v‖² + ½‖θ − u‖² + t‖b‖ subject to ‖θ‖_∞ ≤ M‖b‖; it changes nothing where t = 0 and the bound holds
 * Errors   PARAMETER_UNKNOWN, PARAMETERS_DIFFER
 * Source   Lemhadri et al., LassoNet: A Neural Network with Feature Sparsity, JMLR 22 (2021), algorithm 2
 */
export const hierarchicalLasso = defineRegulariser({
  name: "hierarchical-lasso",
  summary: "Selects features of a network with a skip connection: a feature's weights in both become 0 together.",
  formula: "min ½‖b − v‖² + ½‖θ − u‖² + t‖b‖ subject to ‖θ‖_∞ ≤ M‖b‖",
  source: "Lemhadri et al., JMLR 22 (2021), algorithm 2",
  config,
  examples: [{}, { hierarchy: 0.5 }],
  defaultWeight: 1e-2,
  create(facts, { skip, hidden, hierarchy }: HierarchicalLassoConfig) {
    const shapes = [skip, hidden].map((name) => parameterShape(facts, name, "hierarchical-lasso"));
    if (shapes.some((shape) => shape.length !== 2) || shapes[0]![0] !== shapes[1]![0]) {
      throw new ConfigError(
        "PARAMETERS_DIFFER",
        `"${skip}" is [${shapes[0]!.join(", ")}] and "${hidden}" is [${shapes[1]!.join(", ")}]`,
        {
          where: 'regulariser "hierarchical-lasso"',
          fix: "Name two weight matrices with a row for each feature, such as those of model sparse-mlp.",
        },
      );
    }
    return {
      proximal(parameters, stepSize) {
        const moved = hierarchicalProximal(parameters[skip]!, parameters[hidden]!, stepSize, hierarchy);
        return { [skip]: moved.skip, [hidden]: moved.hidden };
      },
      penalty: (parameters) => sum(rowNorms(parameters[skip]!)),
      selected: (parameters) => usedRows(parameters[skip]!),
    };
  },
});

/** The map for each row of v [f, k] and u [f, h] with t = stepSize []. */
export function hierarchicalProximal(
  v: Tensor,
  u: Tensor,
  stepSize: Tensor,
  hierarchy: number,
): { skip: Tensor; hidden: Tensor } {
  const float = v.dtype === "float64" ? "float64" : "float32";
  const width = u.shape[1]!;
  const norms = rowNorms(v);
  const sizes = sort(abs(u), { axis: 1, descending: true });
  const none = mul(norms, 0);
  // [f, h + 1]: the sum of the s largest, for s = 0 … h.
  const sums = concat([none, cumulativeSum(sizes, { axis: 1 })], 1);
  const counts = iota(width + 1, float);
  const shrunk = maximum(add(sub(norms, stepSize), mul(sums, hierarchy)), 0);
  const candidates = div(shrunk, add(mul(counts, hierarchy ** 2), 1));
  const next = concat([sizes, none], 1);
  const over = greater(next, mul(candidates, hierarchy));
  const chosen = sum(cast(over, float), { axes: [1], keepDims: true });
  const norm = sum(where(equal(counts, chosen), candidates, 0), { axes: [1], keepDims: true });
  const directionless = equal(norms, 0);
  const kept = where(directionless, 0, norm);
  const bound = mul(kept, hierarchy);
  return {
    skip: mul(v, div(kept, where(directionless, 1, norms))),
    hidden: mul(sign(u), minimum(abs(u), bound)),
  };
}

/** ‖vⱼ‖: [f, 1]. */
function rowNorms(v: Tensor): Tensor {
  return rootOrZero(sum(square(v), { axes: [1], keepDims: true }));
}
