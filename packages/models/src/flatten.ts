import { reshape, sizeOf, type Tensor } from "@semblance/core";

/** Items as vectors: [n, …item] → [n, d], d being the product of the item's extents. */
export function flatten(x: Tensor): Tensor {
  return x.rank === 2 ? x : reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]);
}
