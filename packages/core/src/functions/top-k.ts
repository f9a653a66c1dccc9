import { normaliseAxis } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { argTopK } from "../ops/arg-top-k.js";
import { gatherElements } from "../ops/gather-elements.js";

/** The k largest (or smallest) elements along an axis, best first, with their indices; cotangents go to the chosen elements. */
export function topK(
  x: Tensor,
  options: { readonly axis: number; readonly k: number; readonly largest?: boolean },
): { values: Tensor; indices: Tensor } {
  const indices = argTopK(x, options);
  return { values: gatherElements(x, indices, options.axis), indices };
}

/** The elements along an axis in ascending (or descending) order, equal ones in their original order. */
export function sort(x: Tensor, options: { readonly axis: number; readonly descending?: boolean }): Tensor {
  const axis = normaliseAxis("sort", options.axis, x.rank);
  return topK(x, { axis, k: x.shape[axis]!, largest: options.descending ?? false }).values;
}
