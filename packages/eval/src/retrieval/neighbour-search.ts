import {
  type Arrays,
  allocate,
  argTopK,
  type Backend,
  type Executable,
  gatherElements,
  ndarray,
  type Program,
  spec,
  trace,
} from "@semblance/core";
import { memoryLimitTooSmall, scoreNotANumber } from "../errors.js";
import { CandidateLists } from "./candidate-lists.js";
import { type ChunkShape, planChunks } from "./chunk-plan.js";
import type { ExactForm, RowComparison } from "./row-comparison.js";

/** Queries whose nearest rows of a gallery are wanted. */
export interface NeighbourSearch {
  readonly backend: Backend;
  readonly comparison: RowComparison;
  readonly queries: number;
  readonly gallery: number;
  readonly k: number;
  /** Whether query i is row i of the gallery, and none of its own neighbours. */
  readonly excludeSelf: boolean;
  /** Bytes for everything but the rows that were given and the results. */
  readonly memoryLimit: number;
}

/** The k nearest rows of a query, with their divergences; reused for the next query. */
export type NeighbourVisitor = (query: number, indices: Int32Array, divergences: Float64Array) => void;

/** Candidates beyond k that are compared exactly: they settle near ties in all but few queries. */
const SPARE = 8;
const PARAMETER = "parameter/";

/**
 * Visits every query once, in no order, with its nearest rows.
 *
 * Where scores are inexact, the best few are compared again, and a query is done when no row left out can belong to its nearest: its score is
 * worse than the k-th by more than scores are off. The others are searched again with more candidates, up to all of the gallery.
 */
export async function searchNeighbours(search: NeighbourSearch, visit: NeighbourVisitor): Promise<void> {
  const { k, comparison, excludeSelf } = search;
  const available = search.gallery - (excludeSelf ? 1 : 0);
  let pending = Int32Array.from({ length: search.queries }, (_, row) => row);
  let keep = Math.min(available, k + (comparison.exact ? SPARE : 0));
  while (pending.length > 0) {
    const undecided: number[] = [];
    await searchPending(search, pending, keep, (list, query, lists) => {
      if (!settle(search, lists, list, query, available, visit)) undecided.push(query);
    });
    pending = Int32Array.from(undecided);
    keep = Math.min(available, 4 * keep);
  }
}

/** Hands over the nearest of a list, unless a row that the list left out might be among them. */
function settle(
  { k, comparison: { exact } }: NeighbourSearch,
  { indices, scores, counts, keep }: CandidateLists,
  list: number,
  query: number,
  available: number,
  visit: NeighbourVisitor,
): boolean {
  const from = list * keep;
  const count = counts[list]!;
  const rows = indices.subarray(from, from + count);
  const values = scores.subarray(from, from + count);
  for (let at = 0; at < count; at++) if (Number.isNaN(values[at])) throw scoreNotANumber(query, rows[at]!);
  if (exact) {
    const worst = values[count - 1]!;
    compareAgain(exact, query, k, { rows, values });
    const certain = count === available || worst - exact.error(query) > exact.score(query, values[k - 1]!);
    if (!certain) return false;
    for (let rank = 0; rank < k; rank++) values[rank] = exact.divergence(values[rank]!);
  }
  visit(query, rows.subarray(0, k), values.subarray(0, k));
  return true;
}

/**
 * Puts the exact keys of the k nearest in the place of scores, in their order. Those of the first k bound the k-th: what is farther by more
 * than scores are off is left as it is. By insertion, since the order is nearly right already.
 */
function compareAgain(
  exact: ExactForm,
  query: number,
  k: number,
  { rows, values }: { readonly rows: Int32Array; readonly values: Float64Array },
): void {
  const keys = new Float64Array(rows.length);
  exact.keys(query, rows.subarray(0, k), keys);
  let largest = keys[0]!;
  for (let at = 1; at < k; at++) largest = Math.max(largest, keys[at]!);
  const limit = exact.score(query, largest) + exact.error(query);
  let near = k;
  while (near < rows.length && values[near]! <= limit) near++;
  exact.keys(query, rows.subarray(k, near), keys.subarray(k));
  for (let at = 0; at < near; at++) {
    const row = rows[at]!;
    const key = keys[at]!;
    let to = at;
    for (; to > 0; to--) {
      const before = values[to - 1]!;
      if (before < key || (before === key && rows[to - 1]! < row)) break;
      values[to] = before;
      rows[to] = rows[to - 1]!;
    }
    values[to] = key;
    rows[to] = row;
  }
}

/** Candidates of the pending queries, in waves whose lists take a quarter of the memory. */
async function searchPending(
  search: NeighbourSearch,
  pending: Int32Array,
  keep: number,
  done: (list: number, query: number, lists: CandidateLists) => void,
): Promise<void> {
  const { memoryLimit } = search;
  const wave = Math.min(pending.length, Math.floor(memoryLimit / (4 * keep * CandidateLists.CANDIDATE_BYTES)));
  if (wave === 0) throw memoryLimitTooSmall(memoryLimit, 4 * keep * CandidateLists.CANDIDATE_BYTES);
  const rest = memoryLimit - wave * keep * CandidateLists.CANDIDATE_BYTES;
  const found = (shape: ChunkShape) => Math.min(shape.gallery, keep + (search.excludeSelf ? 1 : 0));
  const programOf = (shape: ChunkShape) => traceChunk(search, shape, found(shape));
  const shape = planChunks({ queries: wave, gallery: search.gallery }, rest, programOf);
  const executable = await search.backend.compile(programOf(shape));
  try {
    for (let start = 0; start < pending.length; start += wave) {
      const rows = pending.subarray(start, start + wave);
      const lists = new CandidateLists(rows.length, keep);
      await searchWave(search, executable, shape, rows, lists);
      for (const [list, query] of rows.entries()) done(list, query, lists);
    }
  } finally {
    await executable.dispose();
  }
}

async function searchWave(
  { backend, comparison, gallery, excludeSelf }: NeighbourSearch,
  executable: Executable,
  shape: ChunkShape,
  rows: Int32Array,
  lists: CandidateLists,
): Promise<void> {
  const { width } = comparison;
  const queries = allocate(backend.float, shape.queries * width);
  const stored = allocate(backend.float, shape.gallery * width);
  const feeds: Arrays = {
    queries: ndarray(backend.float, [shape.queries, width], queries),
    stored: ndarray(backend.float, [shape.gallery, width], stored),
    ...Object.fromEntries(Object.entries(comparison.parameters).map(([name, array]) => [PARAMETER + name, array])),
  };
  for (let from = 0; from < gallery; from += shape.gallery) {
    // The last chunk overlaps the one before it, so that one shape, and one program, serves for all.
    const start = Math.min(from, gallery - shape.gallery);
    for (let place = 0; place < shape.gallery; place++) comparison.fillStored(start + place, stored, place * width);
    for (let first = 0; first < rows.length; first += shape.queries) {
      const count = Math.min(shape.queries, rows.length - first);
      // What fills up the last chunk is computed and not looked at.
      for (let q = 0; q < shape.queries; q++) {
        comparison.fillQuery(rows[first + Math.min(q, count - 1)]!, queries, q * width);
      }
      const { scores, places } = await executable.run(feeds);
      const each = places!.shape[1]!;
      for (let q = 0; q < count; q++) {
        const excluded = excludeSelf ? rows[first + q]! : -1;
        const best = { scores: scores!.data, places: places!.data, at: q * each, count: each };
        lists.merge(first + q, best, { start, from, excluded });
      }
    }
  }
}

/** All pairs of two chunks, and of these the best for each query. */
function traceChunk({ backend, comparison }: NeighbourSearch, shape: ChunkShape, keep: number): Program {
  const { width, parameters } = comparison;
  const weights = Object.entries(parameters);
  return trace({
    name: "nearest rows",
    inputs: {
      queries: spec(backend.float, [shape.queries, width]),
      stored: spec(backend.float, [shape.gallery, width]),
      ...Object.fromEntries(weights.map(([name, array]) => [PARAMETER + name, spec(array.dtype, array.shape)])),
    },
    build(fed) {
      const named = Object.fromEntries(
        weights.map(([name]) => [name, (fed as Record<string, typeof fed.queries>)[PARAMETER + name]!]),
      );
      const all = comparison.scores(fed.queries, fed.stored, named);
      const places = argTopK(all, { axis: 1, k: keep, largest: false });
      return { outputs: { scores: gatherElements(all, places, 1), places } };
    },
  });
}
