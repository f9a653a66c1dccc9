import type { NdArray } from "@semblance/core";
import { matrixRows } from "../distances/matrix-rows.js";
import { widthsDiffer } from "../errors.js";
import { type Nearest, nearestCentre } from "./nearest-centre.js";

/**
 * The nearest centre of every row, ties to the lowest index.
 *
 *     pᵢ = arg min_k ‖xᵢ − c_k‖²        data: [N, D], centres: [K, D] → [N]
 *
 * @throws ShapeError RANK_MISMATCH, AXIS_MISMATCH; DataError VALUE_NOT_FINITE, INPUT_EMPTY, VALUES_TOO_LARGE
 */
export function predictClusters(data: NdArray, centres: NdArray): Int32Array {
  const rows = matrixRows("data", data);
  const targets = matrixRows("centres", centres);
  if (rows.columns !== targets.columns) throw widthsDiffer("data", rows.columns, "centres", targets.columns);
  const nearest: Nearest = { centre: 0, squared: 0, squaredToNext: 0 };
  return Int32Array.from({ length: rows.rows }, (_, row) => {
    nearestCentre(rows.values, row, targets.values, rows.columns, nearest);
    return nearest.centre;
  });
}
