import type { AttributesOf, OpName, Tensor, TensorSpec } from "@semblance/core";
import type { Operations } from "./operations.js";
import type { TfTensor } from "./tf-api.js";

/** What a primitive is computed from: its inputs, and the shape and type of its result. */
export interface KernelCall<Attributes> {
  readonly tf: Operations;
  readonly inputs: readonly TfTensor[];
  /** What the inputs are in the graph. */
  readonly sources: readonly Tensor[];
  readonly attributes: Attributes;
  readonly to: TensorSpec;
}

/**
 * Computes one primitive with TensorFlow.js kernels. Neither an input nor the result is ever empty. Everything that it makes besides
 * its result is disposed of when it returns, or throws.
 */
export type TfjsKernel<Attributes> = (call: KernelCall<Attributes>) => TfTensor;

/** Leaves and host calls are not computed by kernels. */
export type ComputedOpName = Exclude<OpName, "input" | "hostCall" | "constant">;

export type KernelTable = { readonly [Name in ComputedOpName]: TfjsKernel<AttributesOf<Name>> };
