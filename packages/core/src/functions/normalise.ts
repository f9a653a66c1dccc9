import type { Tensor } from "../ir/tensor.js";
import { div } from "../ops/div.js";
import { greater } from "../ops/greater.js";
import { where } from "../ops/where.js";
import { euclideanNorm } from "./euclidean-norm.js";

/** Each vector along the last axis scaled to unit length; a zero vector stays zero, with derivative 0. */
export function normalise(x: Tensor): Tensor {
  const length = euclideanNorm(x, { axes: [-1], keepDims: true });
  const positive = greater(length, 0);
  return where(positive, div(x, where(positive, length, 1)), 0);
}
