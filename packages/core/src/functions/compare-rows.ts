import type { BoundDivergence } from "../contracts/loss.js";
import type { DivergenceOrder } from "../contracts/miner.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { mul } from "../ops/mul.js";
import { matrixTranspose } from "./matrix-transpose.js";
import { normalise as toUnitLength } from "./normalise.js";

export interface RowComparison {
  /** Whether rows are scaled to unit length first. */
  readonly normalise: boolean;
  /** Which argument the anchor is. */
  readonly order: DivergenceOrder;
}

/**
 * The divergences [n, n] of all pairs of the rows of a batch [n, d]; rows of the matrix are anchors.
 *
 *     anchor-first   Dᵢⱼ = D(xᵢ, xⱼ)        anchor-second   Dᵢⱼ = D(xⱼ, xᵢ)        both   ½ (D(xᵢ, xⱼ) + D(xⱼ, xᵢ))
 */
export function compareRows(
  divergence: Pick<BoundDivergence, "matrix" | "symmetric">,
  rows: Tensor,
  { normalise, order }: RowComparison,
): Tensor {
  const x = normalise ? toUnitLength(rows) : rows;
  const matrix = divergence.matrix(x, x);
  if (divergence.symmetric || order === "anchor-first") return matrix;
  const turned = matrixTranspose(matrix);
  return order === "anchor-second" ? turned : mul(add(matrix, turned), 0.5);
}
