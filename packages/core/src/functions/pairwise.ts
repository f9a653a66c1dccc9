import type { Tensor } from "../ir/tensor.js";
import { abs } from "../ops/abs.js";
import { add } from "../ops/add.js";
import { matmul } from "../ops/matmul.js";
import { max } from "../ops/max.js";
import { mul } from "../ops/mul.js";
import { relu } from "../ops/relu.js";
import { reshape } from "../ops/reshape.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";
import { matrixTranspose } from "./matrix-transpose.js";
import { rootOrZero } from "./root-or-zero.js";
import { square } from "./square.js";

/** All inner products xᵢ·yⱼ of rows: x [n, d], y [m, d] → [n, m]. */
export function pairwiseInnerProducts(x: Tensor, y: Tensor): Tensor {
  return matmul(x, matrixTranspose(y));
}

/** All differences xᵢ − yⱼ of rows: x [n, d], y [m, d] → [n, m, d]. */
export function pairwiseDifferences(x: Tensor, y: Tensor): Tensor {
  return sub(reshape(x, [x.shape[0]!, 1, x.shape[1]!]), reshape(y, [1, y.shape[0]!, y.shape[1]!]));
}

/** Elements of the [n, m, d] tensor of differences up to which it is formed rather than expanded into inner products … */
const DIRECT_LIMIT = 1 << 22;
/** … and of rows wider than this, up to which: a product of matrices is then many times faster. */
const NARROW = 64;
const WIDE_DIRECT_LIMIT = 1 << 18;

function directIsCheap(rows: number, others: number, width: number): boolean {
  return rows * others * width <= (width <= NARROW ? DIRECT_LIMIT : WIDE_DIRECT_LIMIT);
}

/**
 * All squared Euclidean distances of rows, ‖xᵢ − yⱼ‖²: x [n, d], y [m, d] → [n, m].
 *
 * Small problems subtract directly, which is exact for near and equal rows. Large ones use ‖x‖² + ‖y‖² − 2x·y, whose error is
 * about the squared length of a row times the machine epsilon; what that makes negative is 0, with derivative 0.
 */
export function pairwiseSquaredDistances(
  x: Tensor,
  y: Tensor,
  form: "direct" | "gram" = directIsCheap(x.shape[0]!, y.shape[0]!, x.shape[1]!) ? "direct" : "gram",
): Tensor {
  if (form === "direct") return sum(square(pairwiseDifferences(x, y)), { axes: [2] });
  const lengths = (rows: Tensor) => sum(square(rows), { axes: [1] });
  const squares = add(reshape(lengths(x), [x.shape[0]!, 1]), lengths(y));
  return relu(sub(squares, mul(pairwiseInnerProducts(x, y), 2)));
}

/** All Euclidean distances of rows; the derivative is 0 where two rows coincide. */
export function pairwiseDistances(x: Tensor, y: Tensor, form?: "direct" | "gram"): Tensor {
  return rootOrZero(pairwiseSquaredDistances(x, y, form));
}

/** All Manhattan distances Σ|xᵢ − yⱼ| of rows. */
export function pairwiseManhattanDistances(x: Tensor, y: Tensor): Tensor {
  return sum(abs(pairwiseDifferences(x, y)), { axes: [2] });
}

/** All Chebyshev distances max|xᵢ − yⱼ| of rows. */
export function pairwiseChebyshevDistances(x: Tensor, y: Tensor): Tensor {
  return max(abs(pairwiseDifferences(x, y)), { axes: [2] });
}
