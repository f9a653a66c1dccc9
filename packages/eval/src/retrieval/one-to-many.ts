import type { Rows } from "./row-comparison.js";

/** Compares a query with some rows of a gallery, in float64, and writes a number for each. */
export type OneToMany = (query: number, stored: Int32Array, into: Float64Array) => void;

/** Sums over four rows of y, which begin at `starts`, and x, whose length is even. */
type FourSums = (x: Float64Array, y: ArrayLike<number>, starts: Int32Array, into: Float64Array) => void;

/** ‖x − y‖² */
export function squaredDistancesTo(queries: Rows, gallery: Rows): OneToMany {
  return fourAtATime(queries, gallery, {
    last: (x, y) => (x - y) ** 2,
    sums(x, y, starts, into) {
      // By index: taking a typed array apart goes through its iterator.
      const [i, j, k, l] = [starts[0]!, starts[1]!, starts[2]!, starts[3]!];
      let [a, b, c, e] = [0, 0, 0, 0];
      for (let d = 0; d < x.length; d += 2) {
        const value = x[d]!;
        const next = x[d + 1]!;
        a += (value - y[i + d]!) ** 2 + (next - y[i + d + 1]!) ** 2;
        b += (value - y[j + d]!) ** 2 + (next - y[j + d + 1]!) ** 2;
        c += (value - y[k + d]!) ** 2 + (next - y[k + d + 1]!) ** 2;
        e += (value - y[l + d]!) ** 2 + (next - y[l + d + 1]!) ** 2;
      }
      into[0] = a;
      into[1] = b;
      into[2] = c;
      into[3] = e;
    },
  });
}

/** ⟨x, y⟩ */
export function innerProductsWith(queries: Rows, gallery: Rows): OneToMany {
  return fourAtATime(queries, gallery, {
    last: (x, y) => x * y,
    sums(x, y, starts, into) {
      const [i, j, k, l] = [starts[0]!, starts[1]!, starts[2]!, starts[3]!];
      let [a, b, c, e] = [0, 0, 0, 0];
      for (let d = 0; d < x.length; d += 2) {
        const value = x[d]!;
        const next = x[d + 1]!;
        a += value * y[i + d]! + next * y[i + d + 1]!;
        b += value * y[j + d]! + next * y[j + d + 1]!;
        c += value * y[k + d]! + next * y[k + d + 1]!;
        e += value * y[l + d]! + next * y[l + d + 1]!;
      }
      into[0] = a;
      into[1] = b;
      into[2] = c;
      into[3] = e;
    },
  });
}

interface Comparison {
  /** Over columns two by two. */
  readonly sums: FourSums;
  /** Of the last column, where their number is odd. */
  last(x: number, y: number): number;
}

/**
 * Four rows a turn: four sums that need not wait for one another, and a number of the query is read once for all of them. One row at a time,
 * in four sums over its columns, took more than twice as long (512 columns). Rows are summed alike wherever they stand, so that equal ones
 * get equal numbers: the last turn is filled up.
 */
function fourAtATime(queries: Rows, gallery: Rows, { sums, last }: Comparison): OneToMany {
  const { width } = gallery;
  const even = width - (width % 2);
  const x = new Float64Array(even);
  const starts = new Int32Array(4);
  const four = new Float64Array(4);
  return (query, stored, into) => {
    const from = query * width;
    for (let d = 0; d < even; d++) x[d] = queries.data[from + d]!;
    for (let at = 0; at < stored.length; at += 4) {
      for (let next = 0; next < 4; next++) starts[next] = stored[Math.min(at + next, stored.length - 1)]! * width;
      sums(x, gallery.data, starts, four);
      for (let next = 0; next < 4 && at + next < stored.length; next++) {
        const rest = even < width ? last(queries.data[from + even]!, gallery.data[starts[next]! + even]!) : 0;
        into[at + next] = four[next]! + rest;
      }
    }
  };
}
