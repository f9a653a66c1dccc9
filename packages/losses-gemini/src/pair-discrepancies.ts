import {
  add,
  concat,
  constant,
  div,
  equal,
  type FloatDType,
  matmul,
  matrixTranspose,
  mul,
  ndarray,
  pad,
  reshape,
  slice,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
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

/** Elements of the differences that are held at a time: they stay in a processor's second-level cache. */
const BLOCK = 2 ** 17;

/**
 * From the differences of vₐ/πₐ, which take one pass where π_b vₐ − πₐ v_b takes three; a cluster without a share has v = 0. Of several
 * blocks of rows each is compared with the clusters from its own on, and what lies below mirrors what lies above.
 */
function squaredDifferences({ vectors, images }: EmbeddedDeviations, shares: Tensor): Tensor {
  const [k, m] = vectors.shape as [number, number];
  const width = Math.max(1, Math.min(k, Math.floor(BLOCK / (k * m))));
  const column = reshape(shares, [k, 1]);
  const divisors = where(equal(column, 0), 1, column);
  const means = div(vectors, divisors);
  const imageMeans = images === vectors ? means : div(images, divisors);
  const blocks: Tensor[] = [];
  for (let start = 0; start < k; start += width) {
    const end = Math.min(k, start + width);
    const differences = (x: Tensor) =>
      sub(
        reshape(slice(x, { axis: 0, start, end }), [end - start, 1, m]),
        reshape(slice(x, { axis: 0, start }), [1, k - start, m]),
      );
    const first = differences(means);
    const squares = sum(images === vectors ? square(first) : mul(first, differences(imageMeans)), { axes: [2] });
    blocks.push(pad(squares, { before: [0, start], after: [0, 0] }));
  }
  const scale = square(mul(column, shares));
  if (blocks.length === 1) return mul(blocks[0]!, scale);
  const above = mul(concat(blocks, 0), strictlyAbove(k, shares.dtype as FloatDType));
  return mul(add(above, matrixTranspose(above)), scale);
}

/** 1 above the diagonal of [k, k], 0 elsewhere. */
function strictlyAbove(k: number, dtype: FloatDType): Tensor {
  const ones = Float64Array.from({ length: k * k }, (_, at) => (at % k > Math.floor(at / k) ? 1 : 0));
  return constant(ndarray(dtype, [k, k], ones));
}
