import { type AttributesOf, allocate, type Tensor } from "@semblance/core";
import type { KernelTable, TfjsKernel } from "./kernel.js";

/** How a tensor is computed: from which of its inputs, and by what. */
export interface Recipe {
  readonly sources: readonly Tensor[];
  readonly kernel: TfjsKernel<unknown>;
}

/**
 * Results that are known because no element goes in or comes out. Kernels differ in what they make of an axis without elements
 * (a sum over one is garbage on wasm), so none is ever given one.
 */
export function emptyResult(tensor: Tensor, kernels: KernelTable): Recipe | undefined {
  const { dtype, shape } = tensor;
  if (tensor.size === 0) {
    return { sources: [], kernel: ({ tf }) => tf.upload({ dtype, shape, data: allocate(dtype, 0) } as never) };
  }
  if (tensor.inputs.every((input) => input.size > 0)) return undefined;
  if (tensor.op.name === "concat") {
    const sources = tensor.inputs.filter((input) => input.size > 0);
    return { sources, kernel: kernels.concat as TfjsKernel<unknown> };
  }
  // Sums of nothing: reductions, products over an empty inner axis, convolutions without channels, scattering nothing. Where
  // elements are asked of an axis that has none, the index guard has refused every index before.
  const value = tensor.op.name === "pad" ? (tensor.attributes as AttributesOf<"pad">).value : 0;
  return { sources: [], kernel: ({ tf }) => tf.filled(value, dtype, shape) };
}
