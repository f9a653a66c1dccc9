import { averageCotangent } from "../functions/pooling-cotangents.js";
import { bind, defineOp } from "../ir/define-op.js";
import { type PoolAttributes, type PoolOptions, poolAttributes, pooled } from "../ir/pooling.js";
import type { Tensor } from "../ir/tensor.js";

export const averagePoolOp = defineOp<"averagePool", PoolAttributes>("averagePool", {
  infer: pooled("averagePool"),
  vjp: ({ inputs: [x], dy, attributes }) => [averageCotangent(x!, dy, attributes)],
});

/** The mean of each window of x [N, C, …s] over the elements that it covers: padding does not count. */
export function averagePool(x: Tensor, options: PoolOptions): Tensor {
  return bind(averagePoolOp, [x], poolAttributes("averagePool", x, options));
}
