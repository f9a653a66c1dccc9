import type { NdArray } from "@semblance/core";
import { inputEmpty, notADistribution, rankMismatch } from "../errors.js";

/** A checked matrix of probabilities, row-major. */
export interface PosteriorRows {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

// A softmax in float32 over many clusters misses 1 by about K·2⁻²⁴; logits miss it by far more than this.
const SUM_TOLERANCE = 1e-3;

/**
 * Checks that every row of posteriors [N, K] is a probability distribution.
 *
 * @throws ShapeError RANK_MISMATCH, DataError INPUT_EMPTY, NOT_A_DISTRIBUTION
 */
export function posteriorRows(posteriors: NdArray): PosteriorRows {
  if (posteriors.shape.length !== 2) throw rankMismatch("posteriors", "[N, K]", posteriors.shape);
  const [rows, columns] = posteriors.shape as readonly [number, number];
  if (rows === 0 || columns === 0) throw inputEmpty("posteriors");
  const values = posteriors.data;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) {
      const p = values[row * columns + k]!;
      // Written so that NaN fails it too.
      if (!(p >= 0)) throw notADistribution(row, `holds ${p} in column ${k}`);
      sum += p;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) throw notADistribution(row, `sums to ${sum}`);
  }
  return { rows, columns, values };
}
