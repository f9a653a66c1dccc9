import { ConfigError, type NdArray, ndarray, type RowRelations } from "@semblance/core";
import { withinScatter } from "./within-scatter.js";

/** A square matrix of more columns takes minutes, and more memory than a head is worth. */
const WIDEST = 4096;
/** Rows that tell how long rows are on average. */
const ROWS_MEASURED = 256;

/**
 * The linear map that makes less of the directions in which rows differ that belong together, in closed form.
 *
 *     A Aᵀ ∝ ((1 − s)·C + s·t·I)⁻¹        C the scatter within groups, t = tr(C)/d, s the shrinkage
 *
 * ‖xA − yA‖² is then the Mahalanobis distance of C, drawn towards the Euclidean one by s; s = 1 gives that one. A is the inverse of a
 * Cholesky factor, scaled so that rows keep their mean squared length. Where nothing is known to belong together, or groups are of equal
 * rows, A is the identity.
 *
 * Shapes   rows [n, …item], flattened to [n, d]  →  [d, d]
 * Errors   ConfigError ROWS_TOO_WIDE
 * Source   Bar-Hillel, Hertz, Shental, Weinshall, Learning a Mahalanobis Metric from Equivalence Constraints (JMLR 6, 2005); Ledoit, Wolf,
 *          A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices (2004), for the form of the shrinkage
 */
export function relevantComponents(rows: NdArray, known: RowRelations, shrinkage: number): NdArray<"float64"> {
  const { width: d, matrix } = withinScatterOf(rows, known);
  let trace = 0;
  for (let i = 0; i < d; i++) trace += matrix[i * d + i]!;
  if (!(trace > 0)) return ndarray("float64", [d, d], identity(d));
  // Only the proportions matter.
  const scale = ((1 - shrinkage) * d) / trace;
  for (let at = 0; at < matrix.length; at++) matrix[at] = matrix[at]! * scale;
  for (let i = 0; i < d; i++) matrix[i * d + i]! += shrinkage;
  const inverse = inverseLower(choleskyInPlace(matrix, d), d);
  const map = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) map[j * d + i] = inverse[i * d + j]!;
  const factor = lengthKept(rows, inverse, d);
  return ndarray(
    "float64",
    [d, d],
    map.map((value) => value * factor),
  );
}

/** √(Σ‖x‖² / Σ‖L⁻¹x‖²) over some rows. */
function lengthKept({ data }: NdArray, inverse: Float64Array, d: number): number {
  const count = data.length / d;
  const step = Math.ceil(count / ROWS_MEASURED);
  let [before, after] = [0, 0];
  for (let row = 0; row < count; row += step) {
    const x = data.subarray(row * d, (row + 1) * d);
    for (let i = 0; i < d; i++) {
      let value = 0;
      for (let j = 0; j <= i; j++) value += inverse[i * d + j]! * x[j]!;
      before += x[i]! ** 2;
      after += value ** 2;
    }
  }
  return after > 0 ? Math.sqrt(before / after) : 1;
}

function withinScatterOf(rows: NdArray, known: RowRelations) {
  const width = rows.data.length / (rows.shape[0] ?? 1);
  if (width <= WIDEST) return withinScatter(rows, known);
  throw new ConfigError("ROWS_TOO_WIDE", `rows of ${width} numbers are too wide for begin: relevant-components`, {
    where: 'model "residual"',
    fix: `Set begin: item, or give rows of at most ${WIDEST} numbers.`,
  });
}

function identity(d: number): Float64Array {
  const map = new Float64Array(d * d);
  for (let i = 0; i < d; i++) map[i * d + i] = 1;
  return map;
}

/**
 * The lower triangle L with L Lᵀ = a, written over `a`, which is positive definite; what is above the diagonal means nothing afterwards.
 *
 * Source   Golub, Van Loan, Matrix Computations, 4th edition, algorithm 4.2.1
 */
function choleskyInPlace(a: Float64Array, d: number): Float64Array {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = a[i * d + j]! - dot(a, i * d, j * d, j);
      a[i * d + j] = i === j ? Math.sqrt(rest) : rest / a[j * d + j]!;
    }
  }
  return a;
}

/** L⁻¹, by forward substitution, a row at a time: row i of it is (eᵢ − Σ_{k<i} Lᵢₖ·row k)/Lᵢᵢ. */
function inverseLower(lower: Float64Array, d: number): Float64Array {
  const inverse = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    const own = inverse.subarray(i * d, i * d + i + 1);
    for (let k = 0; k < i; k++) {
      const factor = lower[i * d + k]!;
      const start = k * d;
      for (let j = 0; j <= k; j++) own[j] = own[j]! - factor * inverse[start + j]!;
    }
    own[i] = 1;
    const pivot = lower[i * d + i]!;
    for (let j = 0; j <= i; j++) own[j] = own[j]! / pivot;
  }
  return inverse;
}

function dot(a: Float64Array, first: number, second: number, length: number): number {
  // Four sums at once: a single one waits for itself.
  let [p, q, r, s] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    p += a[first + k]! * a[second + k]!;
    q += a[first + k + 1]! * a[second + k + 1]!;
    r += a[first + k + 2]! * a[second + k + 2]!;
    s += a[first + k + 3]! * a[second + k + 3]!;
  }
  for (; k < length; k++) p += a[first + k]! * a[second + k]!;
  return p + q + (r + s);
}
