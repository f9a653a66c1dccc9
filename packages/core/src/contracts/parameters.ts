import type { FloatDType } from "../arrays/dtype.js";
import type { NdArray } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";

/** Weights by name, as numbers. Initial values are made in float64 and rounded to the type that training uses. */
export type ParameterArrays = Readonly<Record<string, NdArray<FloatDType>>>;
/** Weights by name, as tensors of a program. */
export type ParameterTensors = Readonly<Record<string, Tensor>>;
