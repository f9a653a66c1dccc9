import type { Tensor } from "../ir/tensor.js";
import { transpose } from "../ops/transpose.js";

/** Swaps the last two axes. */
export function matrixTranspose(x: Tensor): Tensor {
  return transpose(x, lastTwoSwapped(x.rank));
}

/** The permutation that swaps the last two of so many axes. */
function lastTwoSwapped(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2));
}

/** What a tensor is the matrix transpose of; undefined where it is none. */
export function untransposed({ op, rank, inputs, attributes }: Tensor): Tensor | undefined {
  if (op.name !== "transpose") return undefined;
  const { permutation } = attributes as { readonly permutation: readonly number[] };
  return lastTwoSwapped(rank).every((axis, at) => permutation[at] === axis) ? inputs[0] : undefined;
}
