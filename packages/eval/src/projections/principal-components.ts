import { Key, type NdArray, ndarray } from "@semblance/core";
import { type MatrixRows, matrixRows } from "../distances/matrix-rows.js";
import { settingInvalid } from "../errors.js";
import { leadingEigenpairs } from "./leading-eigenpairs.js";

export interface PrincipalComponents {
  /** [N, C]: the coordinates of the rows. */
  readonly scores: NdArray<"float64">;
  /** The share of the total variance along each component, descending; 0 where the data is constant. */
  readonly explainedVariance: number[];
  /** [C, D]: the directions, orthonormal. */
  readonly components: NdArray<"float64">;
  /** [D]. */
  readonly mean: NdArray<"float64">;
}

/**
 * Principal components: the orthogonal directions of largest variance, and the rows' coordinates along them.
 *
 *     cov v = λ v, λ₁ ≥ λ₂ ≥ …        scores = (X − mean) V        data: [N, D] → scores [N, C]
 *
 * The covariance is only ever applied, (Xᵀ(Xv))/N, never formed: N × D numbers in memory, whichever of the two is larger.
 * In every component the loading of largest magnitude is positive (the first one on ties), so that pictures do not flip.
 *
 * Edges    constant data → scores 0, explained variance 0; C at most D
 * Errors   SETTING_INVALID, RANK_MISMATCH, INPUT_EMPTY, VALUE_NOT_FINITE, VALUES_TOO_LARGE
 * Source   Pearson (1901); Jolliffe, "Principal Component Analysis" (2002), chapter 1
 */
export function principalComponents(data: NdArray, components = 2): PrincipalComponents {
  const rows = matrixRows("data", data);
  if (!Number.isInteger(components) || components < 1 || components > rows.columns) {
    throw settingInvalid(
      "components",
      `a whole number from 1 to the ${rows.columns} column(s) of the data`,
      components,
    );
  }
  const { centred, mean, scale, total } = standardised(rows);
  const width = rows.columns;
  const apply = (vector: Float64Array) => covarianceTimes(centred, width, vector);
  // A fixed key: the random block only starts the iteration, what it converges to does not depend on it.
  const { values, vectors } = leadingEigenpairs(apply, width, components, Key.fromSeed(0).stream());
  const scores = new Float64Array(rows.rows * components);
  const directions = new Float64Array(components * width);
  vectors.forEach((vector, component) => {
    directions.set(withPositiveLargest(vector), component * width);
    for (let row = 0; row < rows.rows; row++) {
      let sum = 0;
      for (let d = 0; d < width; d++) sum += centred[row * width + d]! * directions[component * width + d]!;
      scores[row * components + component] = sum * scale;
    }
  });
  return {
    scores: ndarray("float64", [rows.rows, components], scores),
    explainedVariance: values.map((value) => (total === 0 ? 0 : Math.min(1, Math.max(0, value / total)))),
    components: ndarray("float64", [components, width], directions),
    mean: ndarray("float64", [width], mean),
  };
}

/** The centred rows, divided by the largest magnitude so that no square under- or overflows; and the sum of variances. */
function standardised({ values, rows, columns }: MatrixRows) {
  const mean = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns]! += values[i]! / rows;
  const centred = values.map((value, i) => value - mean[i % columns]!);
  const largest = centred.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // The mean of equal numbers may miss them by rounding: what is left of a constant column is noise, not variance.
  const magnitude = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest <= 1e-14 * magnitude ? 0 : largest;
  let total = 0;
  for (let i = 0; i < centred.length; i++) {
    centred[i] = scale === 0 ? 0 : centred[i]! / scale;
    total += centred[i]! ** 2 / rows;
  }
  return { centred, mean, scale, total };
}

function covarianceTimes(centred: Float64Array, width: number, vector: Float64Array): Float64Array {
  const out = new Float64Array(width);
  const rows = centred.length / width;
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    let along = 0;
    for (let d = 0; d < width; d++) along += centred[from + d]! * vector[d]!;
    along /= rows;
    for (let d = 0; d < width; d++) out[d]! += along * centred[from + d]!;
  }
  return out;
}

function withPositiveLargest(vector: Float64Array): Float64Array {
  let at = 0;
  // A margin, so that rounding does not choose between two loadings that are equal but for their sign.
  vector.forEach((value, d) => {
    if (Math.abs(value) > Math.abs(vector[at]!) * (1 + 1e-9)) at = d;
  });
  return vector[at]! < 0 ? vector.map((value) => -value) : vector;
}
