import { bind, defineOp } from "../ir/define-op.js";
import { fail, requireExtents } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";
import { sliceAxes } from "./slice.js";

export interface PadAttributes {
  /** Elements added before and after each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
}

export const padOp = defineOp<"pad", PadAttributes>("pad", {
  infer: ([x], { before, after }) => {
    requireExtents("pad", "padding", [...before, ...after]);
    if (before.length !== x!.shape.length || after.length !== x!.shape.length) {
      fail("RANK_MISMATCH", "pad", `padding for ${before.length} axes on a tensor with ${x!.shape.length}`);
    }
    return { shape: x!.shape.map((extent, axis) => before[axis]! + extent + after[axis]!), dtype: x!.dtype };
  },
  vjp: ({ inputs: [x], dy, attributes: { before } }) => [
    sliceAxes(dy, { starts: before, sizes: x!.shape, steps: before.map(() => 1) }),
  ],
});

/** Surrounds x with a constant (0 by default); the cotangent is the middle of ȳ. */
export function pad(
  x: Tensor,
  options: { readonly before: readonly number[]; readonly after: readonly number[]; readonly value?: number },
): Tensor {
  const { before, after, value = 0 } = options;
  return [...before, ...after].every((width) => width === 0) && before.length === x.rank
    ? x
    : bind(padOp, [x], { before, after, value });
}
