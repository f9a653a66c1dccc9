import { type FloatDType, matmul, neg, type Tensor, type TypedArray, transpose } from "@semblance/core";
import { innerProductsWith, squaredDistancesTo } from "./one-to-many.js";
import type { ExactForm, RowComparison, Rows } from "./row-comparison.js";

/** Half the distance from 1 to the next number: what rounding changes a result by, at most and relatively. */
const ROUNDING: Readonly<Record<FloatDType, number>> = { float32: 2 ** -24, float64: 2 ** -53 };

/** The divergences that one matrix product ranks by. */
export const GRAM_FORMS = ["squared-euclidean", "euclidean", "cosine", "negative-dot"] as const;
export type GramForm = (typeof GRAM_FORMS)[number];

/**
 * Comparison by one matrix product of rows that carry one number more:
 *
 *     ‖x − y‖² − ‖x‖² = ⟨(−2x, 1), (y, ‖y‖²)⟩        −⟨x, y⟩        −⟨x/‖x‖, y/‖y‖⟩
 *
 * What the product leaves out is the same for all rows of the gallery. Its rounding reorders near ties and duplicates, hence the
 * exact form: the best rows by the product are compared again in float64 by differences. A product of w terms in any order of summation
 * is off by at most w u Σ|terms|, u the unit of rounding, which makes the error at most (w + 8) u (‖x‖ + ‖y‖)² with what preparing the
 * rows rounds. Rows are shifted by the gallery's mean, which moves no distance and makes them short, and scaled by a power of two, so
 * that no square overflows or vanishes.
 */
export function gramComparison(form: GramForm, queries: Rows, gallery: Rows, float: FloatDType): RowComparison {
  if (form === "cosine") return cosineComparison(queries, gallery, float);
  return form === "negative-dot"
    ? dotComparison(queries, gallery, float)
    : distanceComparison(form, queries, gallery, float);
}

const byRows = (queries: Tensor, stored: Tensor) => matmul(queries, transpose(stored, [1, 0]));

function distanceComparison(form: GramForm, queries: Rows, gallery: Rows, float: FloatDType): RowComparison {
  const { width } = gallery;
  const shift = meanOf(gallery);
  const queryLengths = lengthsOf(queries, shift);
  const storedLengths = queries === gallery ? queryLengths : lengthsOf(gallery, shift);
  const longest = largestOf(queryLengths, storedLengths);
  const scale = powerOfTwo(longest);
  const most = largestOf(storedLengths) * scale;
  const fill = ({ data }: Rows, row: number, factor: number, into: TypedArray, at: number) => {
    const from = row * width;
    let squares = 0;
    for (let d = 0; d < width; d++) {
      into[at + d] = (data[from + d]! - shift[d]!) * scale;
      // Of what was rounded into the array: the device computes with that.
      squares += Number(into[at + d]) ** 2;
      into[at + d] = Number(into[at + d]) * factor;
    }
    return squares;
  };
  return {
    width: width + 1,
    parameters: {},
    fillQuery(row, into, at) {
      fill(queries, row, -2, into, at);
      into[at + width] = 1;
    },
    fillStored(row, into, at) {
      into[at + width] = fill(gallery, row, 1, into, at);
    },
    scores: byRows,
    exact: {
      keys: squaredDistancesTo(queries, gallery),
      score: (query, key) => (key - queryLengths[query]! ** 2) * scale ** 2,
      error: (query) => errorOf(float, width + 1, queryLengths[query]! * scale + most),
      divergence: form === "euclidean" ? Math.sqrt : (key) => key,
    },
  };
}

function dotComparison(queries: Rows, gallery: Rows, float: FloatDType): RowComparison {
  const { width } = gallery;
  const origin = new Float64Array(width);
  const queryLengths = lengthsOf(queries, origin);
  const storedLengths = queries === gallery ? queryLengths : lengthsOf(gallery, origin);
  const scale = powerOfTwo(largestOf(queryLengths, storedLengths));
  const most = largestOf(storedLengths) * scale;
  const products = innerProductsWith(queries, gallery);
  const exact: ExactForm = {
    keys(query, stored, into) {
      products(query, stored, into);
      for (let at = 0; at < stored.length; at++) into[at] = -into[at]!;
    },
    score: (_, key) => key * scale ** 2,
    error: (query) => errorOf(float, width, queryLengths[query]! * scale + most),
    divergence: (key) => key,
  };
  const fill =
    ({ data }: Rows) =>
    (row: number, into: TypedArray, at: number) => {
      for (let d = 0; d < width; d++) into[at + d] = data[row * width + d]! * scale;
    };
  return {
    width,
    parameters: {},
    fillQuery: fill(queries),
    fillStored: fill(gallery),
    scores: (x, y) => neg(byRows(x, y)),
    exact,
  };
}

function cosineComparison(queries: Rows, gallery: Rows, float: FloatDType): RowComparison {
  const { width } = gallery;
  const origin = new Float64Array(width);
  const queryLengths = lengthsOf(queries, origin);
  const storedLengths = queries === gallery ? queryLengths : lengthsOf(gallery, origin);
  const fill = (rows: Rows, lengths: Float64Array) => (row: number, into: TypedArray, at: number) => {
    // A zero row has no direction and stays 0, at distance 1 from everything.
    const length = lengths[row]! || 1;
    for (let d = 0; d < width; d++) into[at + d] = rows.data[row * width + d]! / length;
  };
  const products = innerProductsWith(queries, gallery);
  const keys: ExactForm["keys"] = (query, stored, into) => {
    products(query, stored, into);
    stored.forEach((row, at) => {
      const lengths = queryLengths[query]! * storedLengths[row]!;
      into[at] = lengths === 0 ? 1 : 1 - into[at]! / lengths;
    });
  };
  return {
    width,
    parameters: {},
    fillQuery: fill(queries, queryLengths),
    fillStored: fill(gallery, storedLengths),
    scores: (x, y) => neg(byRows(x, y)),
    exact: { keys, score: (_, distance) => distance - 1, error: () => errorOf(float, width, 2), divergence: (d) => d },
  };
}

const errorOf = (float: FloatDType, terms: number, lengths: number) => (terms + 8) * ROUNDING[float] * lengths ** 2;

function meanOf({ count, width, data }: Rows): Float64Array {
  const mean = new Float64Array(width);
  for (let row = 0; row < count; row++) for (let d = 0; d < width; d++) mean[d]! += data[row * width + d]! / count;
  return mean;
}

function lengthsOf(rows: Rows, shift: Float64Array): Float64Array {
  const lengths = new Float64Array(rows.count);
  const origin = { count: 1, width: rows.width, data: shift };
  squaredDistancesTo(origin, rows)(0, Int32Array.from(lengths.keys()), lengths);
  return lengths.map(Math.sqrt);
}

const largestOf = (...lists: readonly Float64Array[]) =>
  lists.reduce((most, list) => list.reduce((larger, value) => Math.max(larger, value), most), 0);

/** A power of two, so that scaling rounds nothing, that brings the longest row near length 1. */
const powerOfTwo = (length: number) => (length === 0 ? 1 : 2 ** -Math.round(Math.log2(length)));
