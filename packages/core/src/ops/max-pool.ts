import { firstMaximumCotangent } from "../functions/pooling-cotangents.js";
import { bind, defineOp } from "../ir/define-op.js";
import { type PoolAttributes, type PoolOptions, poolAttributes, pooled } from "../ir/pooling.js";
import type { Tensor } from "../ir/tensor.js";

export const maxPoolOp = defineOp<"maxPool", PoolAttributes>("maxPool", {
  infer: pooled("maxPool"),
  vjp: ({ inputs: [x], y, dy, attributes }) => [firstMaximumCotangent(x!, y, dy, attributes)],
});

/** The largest element of each window of x [N, C, …s], padding left out; the cotangent goes to the first one that attains it. */
export function maxPool(x: Tensor, options: PoolOptions): Tensor {
  return bind(maxPoolOp, [x], poolAttributes("maxPool", x, options));
}
