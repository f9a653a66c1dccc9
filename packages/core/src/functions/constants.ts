import { allocate, type DType } from "../arrays/dtype.js";
import { ndarray, type Shape, sizeOf } from "../arrays/nd-array.js";
import type { Tensor, TensorSpec } from "../ir/tensor.js";
import { constant, scalar } from "../ops/constant.js";
import { expand } from "../ops/expand.js";

/** A tensor that holds one value everywhere. */
export function full(shape: Shape, value: number, dtype: DType): Tensor {
  return expand(scalar(value, dtype), shape);
}

/** Zeros of another tensor's shape and type. */
export function zerosLike({ shape, dtype }: TensorSpec): Tensor {
  return full(shape, 0, dtype);
}

/** Ones of another tensor's shape and type. */
export function onesLike({ shape, dtype }: TensorSpec): Tensor {
  return full(shape, 1, dtype);
}

/** 0, 1, … length − 1. */
export function iota(length: number, dtype: DType = "int32"): Tensor {
  const data = allocate(dtype, length);
  for (let i = 0; i < length; i++) data[i] = i;
  return constant(ndarray(dtype, [length], data));
}

/** The identity matrix [size, size]. */
export function eye(size: number, dtype: DType): Tensor {
  const data = allocate(dtype, sizeOf([size, size]));
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return constant(ndarray(dtype, [size, size], data));
}
