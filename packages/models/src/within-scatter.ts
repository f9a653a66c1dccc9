import { groupsOf, type NdArray, type RowRelations } from "@semblance/core";

/** Beyond so many rows for each number of a row another one says little more of the scatter. */
const ROWS_PER_NUMBER = 2;
const FEWEST_ROWS = 2048;
/** Rows whose products are added at once: sums are then loaded and stored once for all of them. */
const AT_ONCE = 4;

/** How rows that belong together differ. */
export interface WithinScatter {
  /** [d, d], row-major, symmetric. */
  readonly matrix: Float64Array;
  readonly width: number;
}

/**
 * The covariance of rows within their groups, from all groups, or an even choice of them where there are many rows.
 *
 *     C = Σ_g Σ_{x ∈ g} (x − m_g)(x − m_g)ᵀ / Σ_g (|g| − 1)
 *
 * It is 0 where no two rows are known to belong together.
 *
 * Shapes   rows [n, …item], flattened to [n, d]  →  [d, d]
 */
export function withinScatter(rows: NdArray, known: RowRelations): WithinScatter {
  const width = rows.data.length / (rows.shape[0] ?? 1);
  const matrix = new Float64Array(width * width);
  const groups = groupsOf(known);
  const total = groups.reduce((sum, { length }) => sum + length, 0);
  const limit = Math.max(FEWEST_ROWS, ROWS_PER_NUMBER * width);
  const step = Math.max(1, Math.ceil(total / limit));
  let freedom = 0;
  const pending: Float64Array[] = [];
  for (const all of groups) {
    const group = all.length >= 2 * step ? all.filter((_, at) => at % step === 0) : all.subarray(0, 2);
    freedom += group.length - 1;
    pending.push(...centred(rows, group, width));
    while (pending.length >= AT_ONCE) addProducts(matrix, pending.splice(0, AT_ONCE));
  }
  if (pending.length > 0) addProducts(matrix, pending);
  if (freedom > 0) mirror(matrix, width, 1 / freedom);
  return { matrix, width };
}

/** The rows of a group without their mean. */
function centred({ data }: NdArray, group: Int32Array, width: number): Float64Array[] {
  const mean = new Float64Array(width);
  for (const row of group) for (let k = 0; k < width; k++) mean[k] = mean[k]! + data[row * width + k]! / group.length;
  return Array.from(group, (row) => mean.map((value, k) => data[row * width + k]! - value));
}

/** Adds x xᵀ of up to four rows to the upper triangle. */
function addProducts(matrix: Float64Array, rows: readonly Float64Array[]): void {
  const width = rows[0]!.length;
  const none = new Float64Array(width);
  const [a, b = none, c = none, d = none] = rows as readonly [Float64Array, ...Float64Array[]];
  for (let i = 0; i < width; i++) {
    const [p, q, r, s] = [a[i]!, b[i]!, c[i]!, d[i]!];
    const start = i * width;
    for (let j = i; j < width; j++) {
      matrix[start + j] = matrix[start + j]! + p * a[j]! + q * b[j]! + r * c[j]! + s * d[j]!;
    }
  }
}

/** Scales the upper triangle and copies it to the lower. */
function mirror(matrix: Float64Array, width: number, factor: number): void {
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) {
      const value = matrix[i * width + j]! * factor;
      matrix[i * width + j] = value;
      matrix[j * width + i] = value;
    }
  }
}
