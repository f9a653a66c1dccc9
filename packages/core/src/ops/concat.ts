import { bind, defineOp } from "../ir/define-op.js";
import { fail, normaliseAxis, requireSameDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { slice } from "./slice.js";

export const concatOp = defineOp<"concat", { readonly axis: number }>("concat", {
  infer: (inputs, { axis }) => {
    requireSameDType("concat", inputs);
    const [first] = inputs;
    for (const other of inputs) {
      if (
        other.shape.length !== first!.shape.length ||
        other.shape.some((extent, at) => at !== axis && extent !== first!.shape[at])
      ) {
        fail(
          "SHAPE_MISMATCH",
          "concat",
          `[${first!.shape.join(", ")}] and [${other.shape.join(", ")}] differ off axis ${axis}`,
        );
      }
    }
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return { shape: first!.shape.map((extent, at) => (at === axis ? total : extent)), dtype: first!.dtype };
  },
  vjp: ({ inputs, dy, attributes: { axis } }) => {
    let start = 0;
    return inputs.map((x) => {
      const end = start + x.shape[axis]!;
      const part = slice(dy, { axis, start, end });
      start = end;
      return part;
    });
  },
});

/** Joins tensors along an axis; their other extents agree. The cotangent is cut at the seams. */
export function concat(inputs: readonly Tensor[], axis: number): Tensor {
  if (inputs.length === 0) fail("NO_TENSOR", "concat", "there is nothing to join");
  return inputs.length === 1
    ? inputs[0]!
    : bind(concatOp, inputs, { axis: normaliseAxis("concat", axis, inputs[0]!.rank) });
}
