import { ConfigError, type NdArray, ndarray, type Predictions } from "@semblance/core";

/** What a model says of rows, as soft and hard clusters. */
export interface Assignments {
  /** [n, k], rows on the simplex, in float64. */
  readonly posteriors: NdArray<"float64">;
  /** [n], the column with the largest posterior, the first one on ties. */
  readonly predicted: Int32Array;
  /** [n], that posterior. */
  readonly confidence: Float64Array;
}

/**
 * Posteriors of predictions: as the model gives them, or the softmax of its logits.
 *
 * Rows are scaled to sum to 1 in float64, which float32 misses by its rounding.
 *
 * @throws ConfigError MODEL_WITHOUT_POSTERIORS
 */
export function assignmentsOf({ posteriors, logits }: Predictions, model: string): Assignments {
  const given = posteriors ?? logits;
  if (!given) {
    throw new ConfigError("MODEL_WITHOUT_POSTERIORS", `model "${model}" gives neither posteriors nor logits`, {
      where: `model "${model}"`,
      fix: "It was trained for embeddings: use those (semblance embed, semblance neighbours), or train it to cluster or to classify.",
    });
  }
  const [rows = 0, width = 0] = given.shape;
  const out = new Float64Array(rows * width);
  const predicted = new Int32Array(rows);
  const confidence = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    let best = 0;
    for (let k = 1; k < width; k++) if (given.data[start + k]! > given.data[start + best]!) best = k;
    const highest = given.data[start + best]!;
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const value = given.data[start + k]!;
      out[start + k] = posteriors ? value : Math.exp(value - highest);
      sum += out[start + k]!;
    }
    for (let k = 0; k < width; k++) out[start + k] = out[start + k]! / sum;
    predicted[row] = best;
    confidence[row] = out[start + best]!;
  }
  return { posteriors: ndarray("float64", [rows, width], out), predicted, confidence };
}
