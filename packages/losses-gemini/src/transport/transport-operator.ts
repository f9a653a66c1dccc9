import {
  add,
  callHost,
  defineHostOperator,
  type FloatDType,
  matmul,
  matrixTranspose,
  mul,
  ndarray,
  oneHot,
  reshape,
  ShapeError,
  showShape,
  slice,
  type Tensor,
  type TensorSpec,
} from "@semblance/core";
import { solvePairs } from "./solve-pairs.js";
import { sumOfPlans } from "./sum-of-plans.js";

/**
 * Exact transport between pairs of distributions on the same points.
 *
 * weights a [n, k], columns that sum to 1; cost [n, n]; pairs [m, 2] int32 → values [m], f [m, n], g [m, n].
 *
 * A pair names two columns, or `UNIFORM` for 1/n everywhere. A column that is all 0, an empty cluster, costs nothing and has
 * potentials of 0. Potentials are the gradient by the weights, up to a constant for each pair; they stay the same until the optimal
 * basis changes, so they pass no cotangent on. The gradient by the costs is the plan.
 */
export const optimalTransport = defineHostOperator<null>({
  name: "optimal-transport",
  infer: (inputs) => {
    const { dtype, points, pairs } = requireInputs(inputs);
    return [
      { dtype, shape: [pairs] },
      { dtype, shape: [pairs, points] },
      { dtype, shape: [pairs, points] },
    ];
  },
  async run([weights, cost, pairs]) {
    const { dtype, points, pairs: count } = requireInputs([weights!, cost!, pairs!]);
    const { values, firstPotentials, secondPotentials } = await solvePairs(weights!, cost!, pairs!);
    return [
      ndarray(dtype, [count], values),
      ndarray(dtype, [count, points], firstPotentials),
      ndarray(dtype, [count, points], secondPotentials),
    ];
  },
  vjp({ inputs, outputs: [, first, second], cotangents: [dy] }) {
    if (!dy) return [null, null, null];
    const [weights, cost, pairs] = inputs as [Tensor, Tensor, Tensor];
    const count = dy.size;
    /** Σₘ ȳₘ fₘ, each in the column that its pair names on one side; the uniform distribution is no column. */
    const share = (potentials: Tensor, side: number) => {
      const column = reshape(slice(pairs, { axis: 1, start: side, end: side + 1 }), [count]);
      const chosen = oneHot(column, weights.shape[1]!, weights.dtype as FloatDType);
      return matmul(matrixTranspose(potentials), mul(chosen, reshape(dy, [count, 1])));
    };
    // Solved for only where somebody reads it: an unread call is no part of the program.
    const plans = callHost(weightedPlans, [weights, cost, pairs, dy], null)[0]!;
    return [add(share(first!, 0), share(second!, 1)), plans, null];
  },
});

/** weights [n, k], cost [n, n], pairs [m, 2], factors y [m] → Σₘ yₘ Tₘ [n, n], the plans Tₘ being optimal. */
const weightedPlans = defineHostOperator<null>({
  name: "optimal-transport-plans",
  infer: ([weights, cost]) => [{ dtype: weights!.dtype, shape: cost!.shape }],
  run: ([weights, cost, pairs, factors]) => [
    ndarray(weights!.dtype, cost!.shape, sumOfPlans(weights!, cost!, pairs!, factors!)),
  ],
});

function requireInputs(inputs: readonly TensorSpec[]) {
  const [weights, cost, pairs] = inputs as [TensorSpec, TensorSpec, TensorSpec];
  const [points] = weights.shape;
  const fits =
    weights.shape.length === 2 &&
    weights.shape.every((extent) => extent > 0) &&
    cost.dtype === weights.dtype &&
    cost.shape.length === 2 &&
    cost.shape.every((extent) => extent === points) &&
    pairs.dtype === "int32" &&
    pairs.shape.length === 2 &&
    pairs.shape[1] === 2;
  if (fits) return { dtype: weights.dtype, points: points!, pairs: pairs.shape[0]! };
  const given = inputs.map(({ dtype, shape }) => `${dtype}${showShape(shape)}`).join(", ");
  throw new ShapeError("TRANSPORT_SHAPE", `weights, costs and pairs are ${given}`, {
    where: "optimal transport",
    fix: "Pass weights [N, K], costs [N, N] of the same element type, and pairs [M, 2] of int32.",
  });
}
