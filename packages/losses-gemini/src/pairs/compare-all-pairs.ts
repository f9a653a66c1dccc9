import { givingWay, type NdArray, type PairTable } from "@semblance/core";

/**
 * Compares row `one` with the four rows from `others` on: where rows begin in `data`, and their width. Four at a time read the first row
 * once and wait for no sum before they begin the next.
 */
export type CompareFour = (
  data: Float32Array,
  one: number,
  others: number,
  width: number,
  result: Float64Array,
) => void;

/** Bytes of rows that are compared with each other before the next are fetched: they stay in the processor's second cache. */
const BLOCK_BYTES = 1 << 17;

/**
 * All pairs of the rows of a data set by plain loops: half of the pairs, mirrored, for a comparison that is symmetric. No differences are
 * kept, which is what makes comparisons without a matrix product slow as tensors.
 *
 * Shapes   data: [n, d]  →  [n, n] in float32
 */
export async function compareAllPairs(
  data: NdArray,
  compareFour: CompareFour,
  finish: (compared: number) => number = (compared) => compared,
): Promise<PairTable> {
  const [n = 0, width = 1] = data.shape;
  // Whole fours of rows; those that fill up are compared and not kept.
  const rows = new Float32Array(Math.ceil(n / 4) * 4 * width);
  rows.set(data.data);
  const block = Math.max(4, 4 * Math.floor(BLOCK_BYTES / (4 * width) / 4));
  const matrix = new Float32Array(n * n);
  const four = new Float64Array(4);
  const giveWay = givingWay();
  for (let top = 0; top < n; top += block) {
    for (let left = top; left < n; left += block) {
      for (let i = top; i < Math.min(n, top + block); i++) {
        for (let others = Math.max(left, i - (i % 4)); others < Math.min(n, left + block); others += 4) {
          compareFour(rows, i * width, others * width, width, four);
          for (let j = Math.max(i, others); j < Math.min(n, others + 4); j++) {
            const value = finish(four[j - others]!);
            matrix[i * n + j] = value;
            matrix[j * n + i] = value;
          }
        }
      }
      await giveWay();
    }
  }
  return { shape: [n, n], data: matrix };
}
