import { showShape } from "../arrays/nd-array.js";
import type { AffinityReference } from "../contracts/loss.js";
import { DataError } from "../errors.js";
import type { NumberArray } from "./named-arrays.js";

export interface AffinityRequirement {
  readonly kind: AffinityReference["kind"];
  /** What it is called in messages, such as a file. */
  readonly where: string;
  /** The rows that it must compare. */
  readonly rows?: number;
}

/** Two elements that should be equal may differ by this share of the largest: the rounding of a product in float32. */
const ROUNDING = 1e-5;

/**
 * Refuses what cannot be a matrix of kernel values or distances: square, finite and symmetric, and for distances not negative and 0 on
 * the diagonal, all up to the rounding of float32.
 *
 * @throws DataError AFFINITY_NOT_SQUARE, AFFINITY_ROWS, AFFINITY_NOT_FINITE, AFFINITY_ASYMMETRIC, AFFINITY_NEGATIVE, AFFINITY_DIAGONAL
 */
export function requireAffinity({ shape, data }: NumberArray, wanted: AffinityRequirement): void {
  const { kind, where, rows } = wanted;
  const refuse = (code: string, message: string, fix: string): never => {
    throw new DataError(code, message, { where, fix });
  };
  const [n = 0, columns] = shape;
  if (shape.length !== 2 || n !== columns || n === 0) {
    refuse(
      "AFFINITY_NOT_SQUARE",
      `the matrix is ${showShape(shape)}, not [N, N]`,
      "Pass a row and a column per sample.",
    );
  }
  if (rows !== undefined && n !== rows) {
    refuse(
      "AFFINITY_ROWS",
      `the matrix compares ${n} rows and the data have ${rows}`,
      "Pass the matrix of the rows that are trained on, in their order.",
    );
  }
  const largest = requireFinite(data, n, refuse);
  const rounding = ROUNDING * largest;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [lower, upper] = [data[i * n + j]!, data[j * n + i]!];
      if (Math.abs(lower - upper) > rounding) {
        refuse(
          "AFFINITY_ASYMMETRIC",
          `row ${i}, column ${j} is ${lower} and row ${j}, column ${i} is ${upper}`,
          "Pass a symmetric matrix, for instance the mean of it and its transpose.",
        );
      }
    }
  }
  if (kind === "kernel") return;
  for (let at = 0; at < data.length; at++) {
    if (data[at]! < 0) {
      refuse(
        "AFFINITY_NEGATIVE",
        `row ${Math.floor(at / n)}, column ${at % n} is ${data[at]}, and a distance is never negative`,
        "Pass distances; similarities belong to a kernel (kernel: precomputed).",
      );
    }
  }
  for (let i = 0; i < n; i++) {
    const own = data[i * n + i]!;
    if (own > rounding) {
      refuse(
        "AFFINITY_DIAGONAL",
        `row ${i}, column ${i} is ${own}, and the distance of a row from itself is 0`,
        "Pass distances; similarities belong to a kernel (kernel: precomputed).",
      );
    }
  }
}

/** The largest absolute value. */
function requireFinite(
  data: ArrayLike<number>,
  n: number,
  refuse: (code: string, message: string, fix: string) => never,
): number {
  let largest = 0;
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!;
    if (!Number.isFinite(value)) {
      refuse(
        "AFFINITY_NOT_FINITE",
        `row ${Math.floor(at / n)}, column ${at % n} is ${value}`,
        "Every comparison must be a number; for parts that cannot be compared choose a large one.",
      );
    }
    largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}
