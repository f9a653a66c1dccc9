import type { Tensor } from "../ir/tensor.js";
import { div } from "../ops/div.js";
import { equal } from "../ops/equal.js";
import { where } from "../ops/where.js";
import { euclideanNorm } from "./euclidean-norm.js";

/** Each vector along the last axis scaled to unit length; a zero vector stays zero, with derivative 0. */
export function normalise(x: Tensor): Tensor {
  const length = euclideanNorm(x, { axes: [-1], keepDims: true });
  const zero = equal(length, 0);
  return where(zero, 0, div(x, where(zero, 1, length)));
}
