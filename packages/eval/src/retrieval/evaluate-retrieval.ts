import { type ComponentReference, type NdArray, parseConfig } from "@semblance/core";
import { inputMissing, notARetrievalMeasure, nothingToRetrieve, settingInvalid, tooFewRows } from "../errors.js";
import { knnAccuracyMeasure } from "../measures/knn-accuracy.js";
import { mapAtRMeasure } from "../measures/map-at-r.js";
import { precisionAt1Measure } from "../measures/precision-at-1.js";
import { rPrecisionMeasure } from "../measures/r-precision.js";
import { recallAtKMeasure } from "../measures/recall-at-k.js";
import { forEachNearestRows, type RowSearchOptions } from "./nearest-rows.js";
import { labelsOf, sizes } from "./retrieval-problem.js";
import {
  averagePrecisionAtR,
  hitAmong,
  type NeighbourWeights,
  precisionAtR,
  type Relevance,
  vote,
} from "./score-query.js";

export interface EvaluateRetrievalOptions extends RowSearchOptions {
  /** The queries [q, d]; without a gallery also the rows that they retrieve, each but itself. */
  readonly embeddings: NdArray;
  readonly labels: ArrayLike<number>;
  /** [n, d] */
  readonly gallery?: NdArray;
  readonly galleryLabels?: ArrayLike<number>;
  /** Of `recall-at-k`, `precision-at-1`, `r-precision`, `map-at-r` and `knn-accuracy`, with their configuration where it is not the default. */
  readonly measures: readonly ComponentReference[];
}

export interface RetrievalScore {
  readonly name: string;
  /** The measure's configuration, such as `{ k: 8 }`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly value: number;
  /** The measure of each query, whose mean is `value`; NaN for those that it leaves out. */
  readonly perQuery: Float64Array;
}

/** What a measure asks of a query, and makes of its neighbours. */
interface QueryMeasure {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** How many neighbours it looks at; R is the number of rows that the query should retrieve. */
  wanted(r: number): number;
  score(relevance: Relevance, vote: (k: number, weights: NeighbourWeights) => boolean): number;
}

/**
 * Several retrieval measures from one search for neighbours, under any divergence, with the value of each query.
 *
 * They are those of the measures of the same names, which know distances only; ties go to the lower index, and the neighbours are those of
 * `nearestRows`.
 *
 * Edges    as of each measure: a query with R = 0 is a miss for `recall-at-k` and `precision-at-1` and left out of `r-precision` and `map-at-r`;
 *          k beyond the gallery takes all of it
 * Errors   NOT_A_RETRIEVAL_MEASURE, NOTHING_TO_RETRIEVE, INPUT_MISSING, LENGTHS_DIFFER, LABEL_NOT_INTEGER, TOO_FEW_ROWS; those of `nearestRows`
 */
export async function evaluateRetrieval(options: EvaluateRetrievalOptions): Promise<RetrievalScore[]> {
  const { embeddings, labels, gallery, measures, ...search } = options;
  const asked = measures.map(queryMeasure);
  const queries = embeddings.shape[0] ?? 0;
  labelsOf("labels", labels, queries, "embeddings");
  const leaveOneOut = gallery === undefined;
  if (leaveOneOut !== (options.galleryLabels === undefined)) {
    throw inputMissing(asked[0]?.name ?? "retrieval", leaveOneOut ? "gallery" : "galleryLabels");
  }
  const stored = options.galleryLabels ?? labels;
  if (gallery) labelsOf("galleryLabels", stored, gallery.shape[0] ?? 0, "gallery");
  const available = (gallery ?? embeddings).shape[0]! - (leaveOneOut ? 1 : 0);
  if (available < 1) throw tooFewRows("leave-one-out", queries, 2);
  const members = sizes(stored);
  const relevant = Array.from(
    { length: queries },
    (_, query) => (members.get(labels[query]!) ?? 0) - (leaveOneOut ? 1 : 0),
  );
  const largest = relevant.reduce((most, r) => Math.max(most, r), 0);
  const scores = asked.map(() => new Float64Array(queries));
  const k = Math.min(available, Math.max(1, ...asked.map((measure) => measure.wanted(largest))));
  const perQuery = (query: number, rows: Int32Array, divergences: Float64Array) => {
    const all = Array.from(rows, (row) => stored[row] === labels[query]);
    const voted = (count: number, weights: NeighbourWeights) =>
      vote(rows.subarray(0, count), (rank) => divergences[rank]!, stored, weights) === labels[query];
    asked.forEach((measure, at) => {
      const count = measure.wanted(relevant[query]!);
      scores[at]![query] = count === 0 ? Number.NaN : measure.score(all.slice(0, count), voted);
    });
  };
  await forEachNearestRows(
    { ...search, queries: embeddings, ...(gallery ? { gallery } : {}), excludeSelf: leaveOneOut, k },
    perQuery,
  );
  return asked.map(({ name, config }, at) => {
    const counted = scores[at]!.filter((score) => !Number.isNaN(score));
    if (counted.length === 0) throw nothingToRetrieve(name);
    const value = counted.reduce((sum, score) => sum + score, 0) / counted.length;
    return { name, config, value, perQuery: scores[at]! };
  });
}

const ENTRIES = [recallAtKMeasure, precisionAt1Measure, rPrecisionMeasure, mapAtRMeasure, knnAccuracyMeasure] as const;

function queryMeasure(reference: ComponentReference): QueryMeasure {
  const { name, ...keys } = typeof reference === "string" ? { name: reference } : reference;
  const entry = ENTRIES.find((candidate) => candidate.name === name);
  if (!entry)
    throw notARetrievalMeasure(
      name,
      ENTRIES.map((each) => each.name),
    );
  // Neighbours are ranked by one divergence for all measures: a distance for one of them would be ignored.
  if ("distance" in keys)
    throw settingInvalid(`distance of measure "${name}"`, "left out beside a divergence", keys.distance);
  const parsed = parseConfig(entry.config, keys, `measure "${name}"`) as { k?: number; weights?: NeighbourWeights };
  const { distance: _, ...config } = parsed as Record<string, unknown>;
  const k = parsed.k ?? 1;
  switch (entry) {
    case recallAtKMeasure:
    case precisionAt1Measure:
      return { name, config, wanted: () => k, score: (relevance) => hitAmong(relevance, k) };
    case knnAccuracyMeasure:
      return { name, config, wanted: () => k, score: (_relevance, vote) => (vote(k, parsed.weights!) ? 1 : 0) };
    default:
      return { name, config, wanted: (r) => r, score: entry === mapAtRMeasure ? averagePrecisionAtR : precisionAtR };
  }
}
