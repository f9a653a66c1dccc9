import type { Tensor } from "../ir/tensor.js";
import { div } from "../ops/div.js";
import { equal } from "../ops/equal.js";
import { mul } from "../ops/mul.js";
import { where } from "../ops/where.js";
import { euclideanNorm } from "./euclidean-norm.js";

/** Each vector along the last axis scaled to unit length; a zero vector stays zero, with derivative 0. */
export function normalise(x: Tensor): Tensor {
  const length = euclideanNorm(x, { axes: [-1], keepDims: true });
  const zero = equal(length, 0);
  // All choices are made of the lengths, so that the vectors themselves are passed over once.
  return mul(x, where(zero, 0, div(1, where(zero, 1, length))));
}
