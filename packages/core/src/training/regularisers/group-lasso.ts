import { z } from "zod";
import { type NdArray, ndarray, sizeOf } from "../../arrays/nd-array.js";
import { defineRegulariser } from "../../contracts/regulariser.js";
import { ConfigError } from "../../errors.js";
import { rootOrZero } from "../../functions/root-or-zero.js";
import { square } from "../../functions/square.js";
import type { Tensor } from "../../ir/tensor.js";
import { constant } from "../../ops/constant.js";
import { div } from "../../ops/div.js";
import { equal } from "../../ops/equal.js";
import { gather } from "../../ops/gather.js";
import { maximum } from "../../ops/maximum.js";
import { mul } from "../../ops/mul.js";
import { reshape } from "../../ops/reshape.js";
import { scatterElements } from "../../ops/scatter-elements.js";
import { sub } from "../../ops/sub.js";
import { sum } from "../../ops/sum.js";
import { where } from "../../ops/where.js";
import { parameterShape } from "../choose-regularisers.js";
import { usedRows } from "./used-rows.js";

const config = z.strictObject({
  parameter: z
    .string()
    .default("head.weight")
    .describe("the weights by their name, a row for each feature [features, outputs]"),
  groups: z
    .array(z.array(z.int().min(0)).min(1))
    .optional()
    .describe("features that come and go together, as lists of positions from 0; each feature alone by default"),
});

type GroupLassoConfig = z.infer<typeof config>;

/**
 * Group lasso, as a proximal map after each step: rows of weights become exactly 0, and their features with them.
 *
 *     penalty Σ_g ‖W_g‖;   W_g ← max(1 − t/‖W_g‖, 0)·W_g,   t = learning rate · weight;   0 stays 0
 *
 * W_g are the rows of the features of a group as one vector; features that no group names are groups of their own. Other weights
 * and biases are free.
 *
 * Laws     the map solves min_B ½‖B − W‖² + t Σ_g ‖B_g‖; it is the identity for t = 0
 * Errors   PARAMETER_UNKNOWN, GROUPS_OVERLAP, FEATURE_UNKNOWN
 * Source   Yuan & Lin, Model Selection and Estimation in Regression with Grouped Variables, JRSS B 68 (2006)
 */
export const groupLasso = defineRegulariser({
  name: "group-lasso",
  summary: "Selects features: whole rows of the first weights become 0, alone or in groups.",
  formula: "W_g ← max(1 − t/‖W_g‖, 0)·W_g, t = learning rate · weight",
  source: "Yuan & Lin, JRSS B 68 (2006)",
  config,
  examples: [{}, { groups: [[0, 2], [1]] }],
  defaultWeight: 1e-2,
  create(facts, { parameter, groups }: GroupLassoConfig) {
    const [features = 1] = parameterShape(facts, parameter, "group-lasso");
    const groupOf = groupOfFeature(groups ?? [], features);
    return {
      proximal(parameters, stepSize) {
        const weights = parameters[parameter]!;
        const norms = groupNorms(weights, groupOf);
        // Where the norm is 0 the rows are 0 already, and 1 stands in so that nothing is divided by 0.
        const factor = maximum(sub(1, div(stepSize, where(equal(norms, 0), 1, norms))), 0);
        const perFeature = groupOf ? gather(factor, constant(groupOf.of), 0) : factor;
        return { [parameter]: mul(weights, reshape(perFeature, [features, ...weights.shape.slice(1).map(() => 1)])) };
      },
      penalty: (parameters) => sum(groupNorms(parameters[parameter]!, groupOf)),
      selected: (parameters) => usedRows(parameters[parameter]!),
    };
  },
});

interface Groups {
  readonly count: number;
  /** [features], the group of each. */
  readonly of: NdArray<"int32">;
}

/** The partition that groups and the features outside of them make; undefined where each feature stands alone. */
function groupOfFeature(groups: readonly (readonly number[])[], features: number): Groups | undefined {
  if (groups.length === 0) return undefined;
  const of = new Int32Array(features).fill(-1);
  groups.forEach((members, group) => {
    for (const feature of members) {
      if (feature >= features) {
        throw new ConfigError("FEATURE_UNKNOWN", `group ${group} names feature ${feature} of ${features}`, {
          where: 'regulariser "group-lasso"',
          fix: `Features are numbered from 0 to ${features - 1}.`,
        });
      }
      if (of[feature]! >= 0) {
        const both = of[feature] === group ? `twice in group ${group}` : `in groups ${of[feature]} and ${group}`;
        throw new ConfigError("GROUPS_OVERLAP", `feature ${feature} is ${both}`, {
          where: 'regulariser "group-lasso"',
          fix: "Name each feature once at most.",
        });
      }
      of[feature] = group;
    }
  });
  let count = groups.length;
  for (let feature = 0; feature < features; feature++) if (of[feature]! < 0) of[feature] = count++;
  return { count, of: ndarray("int32", [features], of) };
}

/** ‖W_g‖ for each group. */
function groupNorms(weights: Tensor, groups: Groups | undefined): Tensor {
  const [features = 1] = weights.shape;
  const squares = sum(square(reshape(weights, [features, sizeOf(weights.shape.slice(1))])), { axes: [1] });
  if (!groups) return rootOrZero(squares);
  return rootOrZero(scatterElements(squares, constant(groups.of), { axis: 0, size: groups.count }));
}
