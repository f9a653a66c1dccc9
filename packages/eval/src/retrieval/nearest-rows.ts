import {
  type Backend,
  type BoundDivergence,
  bindDivergence,
  type Catalogue,
  type ComponentReference,
  convert,
  type DivergenceOrder,
  isFloat,
  type NdArray,
  ndarray,
  requireDomain,
} from "@semblance/core";
import {
  galleryNotTheQueries,
  inputEmpty,
  neighboursExceedGallery,
  rankMismatch,
  settingInvalid,
  valueNotFinite,
  valuesTooLarge,
  widthsDiffer,
} from "../errors.js";
import { divergenceComparison } from "./divergence-comparison.js";
import { GRAM_FORMS, type GramForm, gramComparison } from "./gram-comparison.js";
import { type NeighbourVisitor, searchNeighbours } from "./neighbour-search.js";
import type { RowComparison, Rows } from "./row-comparison.js";

/** How rows are compared, and with what means. */
export interface RowSearchOptions {
  /** What compares them. */
  readonly backend: Backend;
  readonly catalogue: Catalogue;
  /** A divergence of rows: its name, or its name with its configuration. */
  readonly divergence: ComponentReference;
  /** The weights of a learned divergence, by its own names. */
  readonly parameters?: Readonly<Record<string, NdArray>>;
  /** Which argument of D the query is: D(query, stored) by default, D(stored, query) for `anchor-second`, or the mean of both. */
  readonly order?: DivergenceOrder;
  /** Bytes that may be used beside the given arrays and the result; 512 MiB by default. */
  readonly memoryLimit?: number;
}

export interface NearestRowsOptions extends RowSearchOptions {
  /** [q, d] */
  readonly queries: NdArray;
  /** [n, d]; the queries themselves by default. */
  readonly gallery?: NdArray;
  readonly k: number;
  /** Whether query i is row i of the gallery and is left out of its own neighbours; by default where there is no gallery. */
  readonly excludeSelf?: boolean;
}

export interface NearestRows {
  /** Rows of the gallery [q, k], the nearest first, ties by lower index. */
  readonly indices: NdArray<"int32">;
  /** Their divergences [q, k]. */
  readonly distances: NdArray<"float64">;
}

/**
 * The k nearest rows of a gallery for each query, by brute force, on any backend and under any divergence.
 *
 *     queries: [q, d], gallery: [n, d]  →  indices, distances: [q, k]
 *
 * Chunks of queries meet chunks of the gallery in one program, which keeps the best of each; no [q, n] is formed. Squared Euclidean,
 * Euclidean and cosine distance and the negative inner product take a matrix product and are then compared again in float64: their neighbours are
 * those of exact arithmetic on the given numbers, near ties and duplicates included, on devices that compute in IEEE arithmetic of the backend's
 * type. Every other divergence is as exact as the backend's type.
 *
 * Errors   K_EXCEEDS_GALLERY, GALLERY_NOT_THE_QUERIES, MEMORY_LIMIT_TOO_SMALL, SETTING_INVALID, RANK_MISMATCH, AXIS_MISMATCH, INPUT_EMPTY,
 *          VALUE_NOT_FINITE, VALUES_TOO_LARGE, OUTSIDE_DOMAIN, DIVERGENCE_NOT_A_NUMBER; those of choosing a divergence
 */
export async function nearestRows(options: NearestRowsOptions): Promise<NearestRows> {
  const { k } = options;
  const count = options.queries.shape[0] ?? 0;
  const indices = new Int32Array(count * k || 0);
  const distances = new Float64Array(count * k || 0);
  await forEachNearestRows(options, (query, rows, divergences) => {
    indices.set(rows, query * k);
    distances.set(divergences, query * k);
  });
  return { indices: ndarray("int32", [count, k], indices), distances: ndarray("float64", [count, k], distances) };
}

/** As `nearestRows`, but hands the neighbours of each query over, in no order, where all of them would be too many to hold. */
export async function forEachNearestRows(options: NearestRowsOptions, visit: NeighbourVisitor): Promise<void> {
  const { backend, k, memoryLimit = 2 ** 29 } = options;
  if (!Number.isInteger(k) || k < 1) throw settingInvalid("k", "a whole number of at least 1", k);
  if (!(memoryLimit > 0)) throw settingInvalid("memoryLimit", "a number of bytes", memoryLimit);
  const queries = rowsOf("queries", options.queries);
  const gallery = options.gallery === undefined ? queries : rowsOf("gallery", options.gallery);
  if (queries.width !== gallery.width) throw widthsDiffer("queries", queries.width, "gallery", gallery.width);
  const excludeSelf = options.excludeSelf ?? options.gallery === undefined;
  if (excludeSelf && queries.count !== gallery.count) throw galleryNotTheQueries(queries.count, gallery.count);
  const available = gallery.count - (excludeSelf ? 1 : 0);
  if (k > available) throw neighboursExceedGallery(k, available, excludeSelf);
  const comparison = comparisonOf(options, queries, gallery);
  await searchNeighbours(
    { backend, comparison, queries: queries.count, gallery: gallery.count, k, excludeSelf, memoryLimit },
    visit,
  );
}

function comparisonOf(options: NearestRowsOptions, queries: Rows, gallery: Rows): RowComparison {
  const { backend, catalogue, divergence, parameters = {}, order = "anchor-first" } = options;
  const { entry, config } = catalogue.choose("divergence", divergence);
  const bound = bindDivergence(catalogue, divergence);
  requireDomains(options, bound, order);
  const plain = Object.keys(config as object).length === 0;
  if (plain && GRAM_FORMS.includes(entry.name as GramForm)) {
    return gramComparison(entry.name as GramForm, queries, gallery, backend.float);
  }
  const weights = Object.entries(parameters).map(([name, array]): [string, NdArray] => [
    name,
    isFloat(array.dtype) ? ndarray(backend.float, array.shape, convert(backend.float, array.data)) : array,
  ]);
  return divergenceComparison(
    { catalogue, divergence, parameters: Object.fromEntries(weights), order },
    queries,
    gallery,
  );
}

/** That the rows are in the domains of the arguments that they are; real numbers they are known to be. */
function requireDomains(options: NearestRowsOptions, { name, domain }: BoundDivergence, order: DivergenceOrder): void {
  for (const queryIsFirst of order === "both" ? [true, false] : [order === "anchor-first"]) {
    const [ofQueries, ofGallery] = queryIsFirst ? [domain.first, domain.second] : [domain.second, domain.first];
    if (ofQueries !== "real") requireDomain(options.queries, ofQueries, { name, input: "queries" });
    if (ofGallery !== "real") requireDomain(options.gallery ?? options.queries, ofGallery, { name, input: "gallery" });
  }
}

// The square of a larger number overflows float64.
const LARGEST = 1e150;

function rowsOf(name: string, { shape, data }: NdArray): Rows {
  if (shape.length !== 2) throw rankMismatch(name, "[n, d]", shape);
  const [count, width] = shape as readonly [number, number];
  if (count === 0 || width === 0) throw inputEmpty(name);
  for (let at = 0; at < data.length; at++) {
    if (Math.abs(data[at]!) <= LARGEST) continue;
    const [row, column] = [Math.floor(at / width), at % width];
    throw Number.isFinite(data[at])
      ? valuesTooLarge(name, row, column, data[at]!)
      : valueNotFinite(name, row, column, data[at]!);
  }
  return { count, width, data };
}
