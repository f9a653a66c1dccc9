import type { Tensor } from "../ir/tensor.js";
import { transpose } from "../ops/transpose.js";

/** Swaps the last two axes. */
export function matrixTranspose(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}
