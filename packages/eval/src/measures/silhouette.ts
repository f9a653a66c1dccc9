import { defineMeasure, type MeasureInputs, type NdArray } from "@semblance/core";
import { z } from "zod";
import { forEachDistanceRow } from "../distances/distance-blocks.js";
import { matrixRows } from "../distances/matrix-rows.js";
import { type DistanceName, distanceSetting } from "../distances/row-distance.js";
import { inputMissing, lengthsDiffer, silhouetteUndefined } from "../errors.js";
import { assignmentOf, groupsOf } from "../partitions/labels.js";

/**
 * Silhouette of every row: how much nearer it is to its own cluster than to the next one.
 *
 *     s(i) = (b − a) / max(a, b)        embeddings: [n, d], labels: [n] → [n] in [−1, 1]
 *
 * a is the mean distance to the other members of its cluster, b the least mean distance to another cluster.
 *
 * Edges    a row alone in its cluster, or max(a, b) = 0 → 0
 * Errors   SILHOUETTE_UNDEFINED unless 2 ≤ clusters ≤ n − 1; LENGTHS_DIFFER, LABEL_NOT_INTEGER, VALUE_NOT_FINITE
 * Source   Rousseeuw, "Silhouettes", Journal of Computational and Applied Mathematics 20 (1987)
 */
export function silhouetteSamples(
  embeddings: NdArray,
  labels: ArrayLike<number>,
  { distance = "euclidean" }: { readonly distance?: DistanceName } = {},
): Float64Array {
  const rows = matrixRows("embeddings", embeddings);
  if (labels.length !== rows.rows) throw lengthsDiffer("embeddings", rows.rows, "labels", labels.length);
  const { indices, names } = groupsOf("labels", labels);
  if (names.length < 2 || names.length > rows.rows - 1) throw silhouetteUndefined(names.length, rows.rows);
  const sizes = new Float64Array(names.length);
  for (const cluster of indices) sizes[cluster]!++;
  const scores = new Float64Array(rows.rows);
  const sums = new Float64Array(names.length);
  forEachDistanceRow(rows, rows, distance, (row, distances) => {
    const own = indices[row]!;
    if (sizes[own] === 1) return;
    sums.fill(0);
    for (let other = 0; other < distances.length; other++) {
      // A cosine distance of a row to itself may be 1e-16; the row is not one of its own neighbours.
      if (other !== row) sums[indices[other]!]! += distances[other]!;
    }
    const within = sums[own]! / (sizes[own]! - 1);
    let between = Number.POSITIVE_INFINITY;
    for (let cluster = 0; cluster < sums.length; cluster++) {
      if (cluster !== own) between = Math.min(between, sums[cluster]! / sizes[cluster]!);
    }
    const scale = Math.max(within, between);
    scores[row] = scale === 0 ? 0 : (between - within) / scale;
  });
  return scores;
}

/** The mean of `silhouetteSamples` over all rows: not over clusters first. */
export function silhouetteScore(
  embeddings: NdArray,
  labels: ArrayLike<number>,
  options: { readonly distance?: DistanceName } = {},
): number {
  const scores = silhouetteSamples(embeddings, labels, options);
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

export const silhouetteMeasure = defineMeasure({
  name: "silhouette",
  summary: "How much nearer rows are to their own cluster than to the next one; needs no labels.",
  formula: "mean of (b − a) / max(a, b)",
  source: "Rousseeuw, Journal of Computational and Applied Mathematics 20 (1987)",
  config: z.strictObject({ distance: distanceSetting }),
  needs: "embeddings",
  higherIsBetter: true,
  compute: (inputs, config) => {
    if (inputs.embeddings === undefined) throw inputMissing("silhouette", "embeddings");
    return silhouetteScore(inputs.embeddings, clustersOf(inputs), config);
  },
});

/** A run hands over its clusters as `predicted` and the classes as `labels`; a bare case has `labels` alone. */
function clustersOf(inputs: MeasureInputs): ArrayLike<number> {
  const alone = inputs.predicted === undefined && inputs.posteriors === undefined;
  return alone && inputs.labels !== undefined ? inputs.labels : assignmentOf("silhouette", inputs);
}
