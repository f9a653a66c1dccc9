import type { FloatDType } from "../arrays/dtype.js";
import type { Tensor } from "../ir/tensor.js";
import { cast } from "../ops/cast.js";
import { equal } from "../ops/equal.js";
import { reshape } from "../ops/reshape.js";
import { iota } from "./constants.js";

/** Indices [...s] (int32) as indicator vectors [...s, classes]; an index outside 0 … classes − 1 gives zeros. */
export function oneHot(indices: Tensor, classes: number, dtype: FloatDType): Tensor {
  return cast(equal(reshape(indices, [...indices.shape, 1]), iota(classes)), dtype);
}
