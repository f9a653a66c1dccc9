import type { NdArray } from "../arrays/nd-array.js";
import type { TensorSpec } from "../ir/tensor.js";
import type { AttributesOf, OpName } from "../ops/index.js";

/** Computes one primitive: input arrays and the result's shape and type in, the result out. Arithmetic is in float64. */
export type ReferenceKernel<Attributes> = (
  inputs: readonly NdArray[],
  attributes: Attributes,
  to: TensorSpec,
) => NdArray;

/** Leaves and host calls are not computed by kernels. */
export type ComputedOpName = Exclude<OpName, "input" | "hostCall">;

export type ReferenceTable = { readonly [Name in ComputedOpName]: ReferenceKernel<AttributesOf<Name>> };
