import type { MeasureInputs } from "@semblance/core";
import { forEachDistanceRow } from "../distances/distance-blocks.js";
import { type MatrixRows, matrixRows } from "../distances/matrix-rows.js";
import type { DistanceName } from "../distances/row-distance.js";
import { inputMissing, labelNotInteger, lengthsDiffer, widthsDiffer } from "../errors.js";
import { nearest } from "./nearest.js";

/** Queries, and the gallery in which their neighbours are looked for. */
export interface RetrievalProblem {
  readonly queries: MatrixRows;
  readonly labels: ArrayLike<number>;
  readonly gallery: MatrixRows;
  readonly galleryLabels: ArrayLike<number>;
  /** Whether the queries are the gallery, so that each is left out of its own neighbours. */
  readonly leaveOneOut: boolean;
  /** Members of a class in the gallery. */
  readonly classSizes: ReadonlyMap<number, number>;
}

/** @throws DataError LENGTHS_DIFFER, LABEL_NOT_INTEGER */
export function labelsOf(name: string, labels: ArrayLike<number>, rows: number, of: string): ArrayLike<number> {
  if (labels.length !== rows) throw lengthsDiffer(of, rows, name, labels.length);
  for (let row = 0; row < rows; row++)
    if (!Number.isInteger(labels[row])) throw labelNotInteger(name, row, labels[row]);
  return labels;
}

/**
 * Checks `embeddings` [N, D] with `labels` [N], and `gallery` [M, D] with `galleryLabels` [M] where there is one.
 *
 * @throws DataError INPUT_MISSING, LENGTHS_DIFFER, LABEL_NOT_INTEGER, VALUE_NOT_FINITE, INPUT_EMPTY;
 *   ShapeError RANK_MISMATCH, AXIS_MISMATCH
 */
export function retrievalProblem(measure: string, inputs: MeasureInputs): RetrievalProblem {
  if (inputs.embeddings === undefined) throw inputMissing(measure, "embeddings");
  if (inputs.labels === undefined) throw inputMissing(measure, "labels");
  const queries = matrixRows("embeddings", inputs.embeddings);
  const labels = labelsOf("labels", inputs.labels, queries.rows, "embeddings");
  if (inputs.gallery === undefined && inputs.galleryLabels !== undefined) throw inputMissing(measure, "gallery");
  if (inputs.gallery === undefined) {
    return { queries, labels, gallery: queries, galleryLabels: labels, leaveOneOut: true, classSizes: sizes(labels) };
  }
  if (inputs.galleryLabels === undefined) throw inputMissing(measure, "galleryLabels");
  const gallery = matrixRows("gallery", inputs.gallery);
  if (gallery.columns !== queries.columns) {
    throw widthsDiffer("embeddings", queries.columns, "gallery", gallery.columns);
  }
  const galleryLabels = labelsOf("galleryLabels", inputs.galleryLabels, gallery.rows, "gallery");
  return { queries, labels, gallery, galleryLabels, leaveOneOut: false, classSizes: sizes(galleryLabels) };
}

/** How many rows have each label. */
export function sizes(labels: ArrayLike<number>): Map<number, number> {
  const counted = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) counted.set(labels[row]!, (counted.get(labels[row]!) ?? 0) + 1);
  return counted;
}

/** R_q: how many rows of the gallery a query should retrieve, itself not counted. */
export function relevantCount(problem: RetrievalProblem, query: number): number {
  return (problem.classSizes.get(problem.labels[query]!) ?? 0) - (problem.leaveOneOut ? 1 : 0);
}

/**
 * Visits every query with its nearest neighbours (ascending, ties by lower index) and their distances.
 *
 * The query itself is removed by its index, not by its distance of zero, so that exact duplicates stay.
 */
export function forEachNeighbourhood(
  problem: RetrievalProblem,
  distance: DistanceName,
  count: (query: number) => number,
  visit: (query: number, neighbours: Int32Array, distances: Float64Array) => void,
): void {
  forEachDistanceRow(problem.queries, problem.gallery, distance, (query, distances) => {
    visit(query, nearest(distances, count(query), problem.leaveOneOut ? query : -1), distances);
  });
}
