import type { NdArray } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import type { ReferenceKernel } from "./kernel.js";
import { kernels } from "./kernels.js";

/** The number values of one tensor, given those of its inputs. */
export function evaluate(tensor: Tensor, inputs: readonly NdArray[]): NdArray {
  const kernel = kernels[tensor.op.name as keyof typeof kernels] as ReferenceKernel<unknown>;
  return kernel(inputs, tensor.attributes, { shape: tensor.shape, dtype: tensor.dtype });
}
