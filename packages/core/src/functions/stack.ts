import { normaliseAxis } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { concat } from "../ops/concat.js";
import { reshape } from "../ops/reshape.js";

/** Joins tensors of one shape along a new axis. */
export function stack(inputs: readonly Tensor[], axis = 0): Tensor {
  return concat(
    inputs.map((x) => {
      const at = normaliseAxis("stack", axis, x.rank + 1);
      return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
    }),
    axis,
  );
}
