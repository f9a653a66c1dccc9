import {
  add,
  concat,
  matmul,
  matrixTranspose,
  mul,
  reshape,
  slice,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import type { EmbeddedDeviations } from "./embedded-deviations.js";

/**
 * Tₐ_b = ‖π_b vₐ − πₐ v_b‖² of all pairs of clusters, in the space of a kernel: vectors and images [k, m], shares [1, k]  →  [k, k].
 *
 * Its derivatives, of every order, are those of π_b²·vₐ·vₐ + πₐ²·v_b·v_b − 2πₐπ_b·vₐ·v_b, which needs one product of matrices. The value
 * cannot be had that way: for two clusters that nearly coincide it is a difference of large numbers, and the root would turn a rounding of
 * 10⁻⁷ into 10⁻⁴. So the value is taken from the differences themselves, which cost no derivative.
 */
export function pairDiscrepancies(embedded: EmbeddedDeviations, shares: Tensor): Tensor {
  const expanded = expandedSquares(embedded, shares);
  return add(expanded, stopGradient(sub(squaredDifferences(embedded, shares), expanded)));
}

function expandedSquares({ vectors, images }: EmbeddedDeviations, shares: Tensor): Tensor {
  const k = shares.shape[1]!;
  const column = reshape(shares, [k, 1]);
  const own = mul(reshape(sum(mul(vectors, images), { axes: [1] }), [k, 1]), square(shares));
  const products = mul(matmul(vectors, matrixTranspose(images)), mul(column, mul(shares, 2)));
  return sub(add(own, matrixTranspose(own)), products);
}

/** Elements of the differences that are held at a time: they stay in a processor's cache. */
const BLOCK = 2 ** 18;

function squaredDifferences({ vectors, images }: EmbeddedDeviations, shares: Tensor): Tensor {
  const [k, m] = vectors.shape as [number, number];
  const width = Math.max(1, Math.min(k, Math.floor(BLOCK / (k * m))));
  const column = reshape(shares, [k, 1]);
  const blocks: Tensor[] = [];
  for (let start = 0; start < k; start += width) {
    const end = Math.min(k, start + width);
    const rows = (x: Tensor) => slice(x, { axis: 0, start, end });
    const differences = (x: Tensor) =>
      sub(
        mul(reshape(rows(x), [end - start, 1, m]), reshape(shares, [1, k, 1])),
        mul(reshape(x, [1, k, m]), reshape(rows(column), [end - start, 1, 1])),
      );
    const first = differences(vectors);
    blocks.push(sum(images === vectors ? square(first) : mul(first, differences(images)), { axes: [2] }));
  }
  return concat(blocks, 0);
}
