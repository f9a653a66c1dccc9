import { Key, type NdArray, ndarray, takeRows } from "@semblance/core";
import { matrixRows } from "../distances/matrix-rows.js";
import { tooFewRows } from "../errors.js";
import { principalComponents } from "./principal-components.js";
import { tSne } from "./t-sne.js";
import { umap } from "./umap.js";

/** Ways to draw rows in the plane. */
export const PLANE_METHODS = ["pca", "t-sne", "umap"] as const;
export type PlaneMethod = (typeof PLANE_METHODS)[number];

/** Rows that a method draws: t-SNE compares all pairs a thousand times, UMAP far fewer. */
const MOST_ROWS: Readonly<Record<PlaneMethod, number>> = { pca: 3000, "t-sne": 400, umap: 1500 };

export interface PlaneProjection {
  /** The rows that were drawn, ascending: all, or as many as the method manages, chosen at random by the key. */
  readonly rows: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The shares of the variance that the two axes explain; of PCA only. */
  readonly explained?: readonly number[];
}

/**
 * Rows [n, d] in the plane. The same key and number of rows give the same rows, so that two tables of the same rows can be drawn side by side, and the
 * same picture each time.
 *
 * `pca` is the plane of largest variance. `t-sne` and `umap` are those of `@keckelt/tsne` and `umap-js`, which are loaded when they are asked for; they
 * keep neighbours together and say nothing of distances between groups.
 *
 * @throws DataError TOO_FEW_ROWS (t-SNE and UMAP need 4), INPUT_EMPTY, VALUE_NOT_FINITE, VALUES_TOO_LARGE; ShapeError RANK_MISMATCH
 */
export async function projectToPlane(
  data: NdArray,
  method: PlaneMethod,
  { key = Key.fromSeed(0), most = MOST_ROWS[method] }: { readonly key?: Key; readonly most?: number } = {},
): Promise<PlaneProjection> {
  const count = matrixRows("data", data).rows;
  const rows = key.fold("rows").permutation(count).slice(0, most).sort();
  const drawn = takeRows(data, rows);
  if (method !== "pca") {
    if (rows.length < 4) throw tooFewRows(method, rows.length, 4);
    const places = await (method === "umap" ? umap : tSne)(drawn, key.fold(method));
    const axis = (at: number) => Float64Array.from(places, (place) => place[at]!);
    return { rows, x: axis(0), y: axis(1) };
  }
  const { scores, explainedVariance } = planeOfComponents(drawn);
  const axis = (at: number) => Float64Array.from(rows, (_, row) => scores.data[2 * row + at]!);
  return { rows, x: axis(0), y: axis(1), explained: explainedVariance };
}

/** One column has no second component: its rows lie on a line. */
function planeOfComponents(data: NdArray) {
  const [rows, width] = data.shape as [number, number];
  if (width > 1) return principalComponents(data, 2);
  const padded = Float64Array.from({ length: 2 * rows }, (_, at) => (at % 2 === 0 ? data.data[at / 2]! : 0));
  return principalComponents(ndarray("float64", [rows, 2], padded), 2);
}
