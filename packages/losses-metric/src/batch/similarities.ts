import { matmul, matrixTranspose, sub, type Tensor, normalise as toUnitLength } from "@semblance/core";

/** S = u·uᵀ of all pairs of rows [n, d] → [n, n]: cosines of unit vectors, or raw inner products. */
export function similarities(rows: Tensor, normalise: boolean): Tensor {
  const x = normalise ? toUnitLength(rows) : rows;
  return matmul(x, matrixTranspose(x));
}

/** Similarities as divergences, for what is watched: smaller is closer. */
export const asDivergences = (similarity: Tensor): Tensor => sub(1, similarity);
