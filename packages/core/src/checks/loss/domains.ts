import type { NdArray } from "../../arrays/nd-array.js";
import { ndarray, type Shape, sizeOf } from "../../arrays/nd-array.js";
import type { LossInput } from "../../contracts/loss.js";
import type { InputDomain } from "../../contracts/loss-law.js";
import { normalise } from "../../functions/normalise.js";
import { pairwiseDistances, pairwiseSquaredDistances } from "../../functions/pairwise.js";
import { softmax } from "../../functions/softmax.js";
import type { Tensor } from "../../ir/tensor.js";
import { exp } from "../../ops/exp.js";
import { mul } from "../../ops/mul.js";
import { sigmoid } from "../../ops/sigmoid.js";
import type { Key } from "../../random/key.js";

/**
 * A legal input as a smooth function of free numbers: wherever the free numbers go, the input stays legal. So a difference never
 * leaves the simplex, and a gradient by free numbers is what reaches a network.
 */
export const charts: Partial<Record<InputDomain, (free: Tensor) => Tensor>> = {
  real: (free) => free,
  positive: exp,
  unit: sigmoid,
  simplex: (free) => softmax(free),
  sphere: (free) => normalise(free),
  // Gaussian similarities: positive too, so that what takes them for costs has no cause to refuse.
  affinity: (free) => exp(mul(pairwiseSquaredDistances(free, free), -0.25)),
  distances: (free) => pairwiseDistances(free, free),
};

/** Rows of these inputs lie on the simplex unless they say otherwise: what core itself takes them for. */
const ON_SIMPLEX = ["posteriors", "perturbed"];

export function domainOf(name: string, input: LossInput): InputDomain {
  if (input.domain) return input.domain;
  if (input.type === "int32") return "labels";
  return ON_SIMPLEX.includes(name) ? "simplex" : "real";
}

/** Free numbers for a float input of a shape. */
export function drawFree(key: Key, shape: Shape): NdArray<"float64"> {
  return ndarray("float64", shape, key.normal(sizeOf(shape)));
}

/** Which rows belong together, as labels drawn for them say, with one pair unknown where there are enough. */
export function drawRelations(key: Key, [rows = 0]: Shape, classes: number): NdArray<"float64"> {
  const labels = drawWhole(key, [rows], "labels", classes).data;
  const related = ndarray("float64", [rows, rows], new Float64Array(rows * rows));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) if (i !== j) related.data[i * rows + j] = labels[i] === labels[j] ? 1 : -1;
  }
  if (rows > 4) for (const at of [1, rows]) related.data[at] = 0;
  return related;
}

/** Whole numbers for an int32 input: every label is met as often as any other, in a drawn order; every index once. */
export function drawWhole(key: Key, shape: Shape, domain: InputDomain, classes: number): NdArray<"int32"> {
  const size = sizeOf(shape);
  const order = key.permutation(size);
  return ndarray("int32", shape, domain === "indices" ? order : order.map((rank) => rank % Math.max(1, classes)));
}
