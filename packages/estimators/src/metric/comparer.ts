import {
  type Arrays,
  type Backend,
  bindDivergence,
  type Catalogue,
  convert,
  type DivergenceOrder,
  type Executable,
  type NdArray,
  ndarray,
  requireDomain,
  spec,
  type TensorSpec,
  trace,
} from "@semblance/core";
import { comparePairs, compareSets } from "./compare-sets.js";
import type { Comparison } from "./comparison.js";
import { unitRows } from "./unit-rows.js";

/** Rows that are compared together: a part of the matrix is at most this large. */
const ROWS = 128;
const COLUMNS = 4096;

export interface ComparerOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly comparison: Comparison;
  /** What the divergence has learned, by its own names. */
  readonly weights: Arrays;
}

/** The nearest rows of each query. */
export interface Neighbours {
  /** [q, k]: rows of the gallery, the nearest first, ties by the lower index. */
  readonly indices: NdArray<"int32">;
  /** [q, k]: how far they are. */
  readonly divergences: NdArray<"float64">;
}

export interface NeighbourSearch {
  readonly k: number;
  /** Rows to look among; the queries themselves where it is left out, each without itself. */
  readonly gallery?: NdArray;
  /** Which argument of the divergence the query is. */
  readonly order?: DivergenceOrder;
}

/**
 * Compares embeddings by a divergence on a backend, a part of the matrix at a time: memory does not grow with the number of pairs, except for
 * `matrix`, which returns them all.
 */
export class Comparer {
  readonly #executables = new Map<string, Promise<Executable>>();

  constructor(private readonly options: ComparerOptions) {}

  /**
   * D(first, second) of all pairs: [n, d], [m, d] → [n, m]; D need not be symmetric, and another order gives D(second, first) in the same
   * places.
   *
   * @throws DataError OUTSIDE_DOMAIN with row and column
   */
  async matrix(first: NdArray, second: NdArray, order: DivergenceOrder = "anchor-first"): Promise<NdArray<"float64">> {
    const [n, m] = [first.shape[0]!, second.shape[0]!];
    const data = new Float64Array(n * m);
    await this.compare(first, second, order, (row, column, value) => {
      data[row * m + column] = value;
    });
    return ndarray("float64", [n, m], data);
  }

  /**
   * The k nearest rows of a gallery to each query: the search of `@semblance/eval`, which proves near ties where it can.
   *
   * @throws DataError K_EXCEEDS_GALLERY, OUTSIDE_DOMAIN
   */
  async neighbours(queries: NdArray, search: NeighbourSearch): Promise<Neighbours> {
    const { catalogue, backend, comparison, weights } = this.options;
    const { k, gallery, order = comparison.order } = search;
    const asCompared = (rows: NdArray) => (comparison.normalise ? unitRows(rows) : rows);
    // Measures come along with it, which nobody needs who only embeds.
    const { nearestRows } = await import("@semblance/eval");
    const { indices, distances } = await nearestRows({
      catalogue,
      backend,
      divergence: comparison.divergence,
      parameters: weights,
      order,
      queries: asCompared(queries),
      ...(gallery ? { gallery: asCompared(gallery) } : {}),
      k,
    });
    return { indices, divergences: distances };
  }

  /** Visits all pairs (query, row of the gallery) with their divergence in some order of arguments. */
  async compare(
    queries: NdArray,
    gallery: NdArray,
    order: DivergenceOrder,
    visit: (query: number, row: number, value: number) => void,
  ): Promise<void> {
    const settled = this.#requireDomains(queries, gallery, order);
    const [n, m] = [queries.shape[0]!, gallery.shape[0]!];
    const [rows, columns] = [Math.min(ROWS, n), Math.min(COLUMNS, m)];
    const executable = await this.#executable("matrix", { rows, columns, width: queries.shape[1]!, order: settled });
    for (let start = 0; start < m; start += columns) {
      const part = this.#floats(rowsFrom(gallery, start, columns));
      for (let row = 0; row < n; row += rows) {
        const fed = { queries: this.#floats(rowsFrom(queries, row, rows)), gallery: part, ...this.#weights() };
        const { divergences } = await executable.run(fed);
        const values = divergences!.data;
        for (let i = 0; i < Math.min(rows, n - row); i++) {
          for (let j = 0; j < Math.min(columns, m - start); j++) visit(row + i, start + j, values[i * columns + j]!);
        }
      }
    }
  }

  /** The divergences of rows from those at the same places: [n, d], [n, d] → [n]. @throws DataError OUTSIDE_DOMAIN */
  async paired(
    queries: NdArray,
    others: NdArray,
    order: DivergenceOrder = this.options.comparison.order,
  ): Promise<Float64Array> {
    this.#requireDomains(queries, others, order);
    const count = queries.shape[0]!;
    // Without a form of its own the pairs are the diagonal of a matrix, which grows with the square of its rows.
    const { catalogue, comparison } = this.options;
    const { entry } = catalogue.choose("divergence", comparison.divergence);
    const rows = Math.min(entry.paired ? COLUMNS : ROWS, count);
    const values = new Float64Array(count);
    if (count === 0) return values;
    const executable = await this.#executable("paired", { rows, columns: rows, width: queries.shape[1]!, order });
    for (let start = 0; start < count; start += rows) {
      const [own, other] = [queries, others].map((each) => this.#floats(rowsFrom(each, start, rows))) as [
        NdArray,
        NdArray,
      ];
      const { divergences } = await executable.run({ queries: own, gallery: other, ...this.#weights() });
      values.set(divergences!.data.subarray(0, Math.min(rows, count - start)), start);
    }
    return values;
  }

  async dispose(): Promise<void> {
    for (const executable of this.#executables.values()) await (await executable).dispose();
    this.#executables.clear();
  }

  /** @returns the order that is computed: of a symmetric divergence always the first */
  #requireDomains(queries: NdArray, gallery: NdArray, order: DivergenceOrder): DivergenceOrder {
    const { catalogue, comparison } = this.options;
    const { name, domain, symmetric } = bindDivergence(catalogue, comparison.divergence);
    const settled = symmetric ? "anchor-first" : order;
    const [asFirst, asSecond] = [settled !== "anchor-second", settled !== "anchor-first"];
    for (const [rows, input, first, second] of [
      [queries, "the queries", asFirst, asSecond],
      [gallery, "the gallery", asSecond, asFirst],
    ] as const) {
      if (first) requireDomain(rows, domain.first, { name, input });
      if (second) requireDomain(rows, domain.second, { name, input });
    }
    return settled;
  }

  #floats({ shape, data }: NdArray): NdArray {
    const { float } = this.options.backend;
    return ndarray(float, shape, convert(float, data));
  }

  #weights(): Arrays {
    return Object.fromEntries(
      Object.entries(this.options.weights).map(([name, array]) => [WEIGHT + name, this.#floats(array)]),
    );
  }

  #executable(form: "matrix" | "paired", sizes: Sizes): Promise<Executable> {
    const key = JSON.stringify([form, sizes]);
    const known = this.#executables.get(key);
    if (known) return known;
    const compiled = this.options.backend.compile(this.#program(form, sizes));
    this.#executables.set(key, compiled);
    return compiled;
  }

  #program(form: "matrix" | "paired", { rows, columns, width, order }: Sizes) {
    const { weights, backend } = this.options;
    const { float } = backend;
    return trace({
      name: "compare",
      inputs: {
        queries: spec(float, [rows, width]),
        gallery: spec(float, [columns, width]),
        ...Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [WEIGHT + name, spec(float, shape)])),
      } as Readonly<Record<string, TensorSpec>>,
      build: (fed) => {
        const parameters = Object.fromEntries(Object.keys(weights).map((name) => [name, fed[WEIGHT + name]!]));
        const given = { queries: fed.queries!, gallery: fed.gallery!, parameters, order };
        const compare = form === "matrix" ? compareSets : comparePairs;
        return { outputs: { divergences: compare(this.options, given) } };
      },
    });
  }
}

interface Sizes {
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
  readonly order: DivergenceOrder;
}

const WEIGHT = "weight/";

/** So many rows from one on; where there are fewer, the last is repeated, so that one program serves all parts. */
function rowsFrom({ dtype, shape, data }: NdArray, start: number, count: number): NdArray {
  const [rows = 0, width = 1] = shape;
  const whole = Math.min(count, rows - start);
  const part = data.slice(start * width, (start + count) * width);
  if (whole === count) return ndarray(dtype, [count, width], part);
  const filled = new Float64Array(count * width);
  filled.set(part);
  for (let row = whole; row < count; row++) filled.set(part.subarray((whole - 1) * width, whole * width), row * width);
  return ndarray("float64", [count, width], filled);
}
