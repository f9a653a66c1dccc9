import { type Backend, type Catalogue, Key } from "@semblance/core";
import { evaluateRetrieval, kMeans, normalisedMutualInformation } from "@semblance/eval";
import type { Space } from "./space.js";

interface Measured {
  readonly measure: string;
  readonly value: number;
}

/** A measure of a space: a mean over its rows, or with what it takes to work it out of other draws of them. */
export type SpaceScore = Measured &
  (
    | { readonly perQuery: Float64Array }
    | {
        /** How many there are to draw from. */
        readonly rows: number;
        /** The measure of some of them, each perhaps more than once. */
        of(drawn: Int32Array): number;
      }
  );

export interface ScoreSpaceOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  /** The class of each row. */
  readonly labels: Int32Array;
  /** K of recall@K, beside 1. */
  readonly k: number;
}

/** Rows × columns × clusters of one pass of k-means that takes some seconds for ten restarts. */
const WORK = 1e7;
const RESTARTS = 10;
/** Beyond this a single restart takes minutes. */
const MOST_WORK = 2e9;

/**
 * How well rows find those of their class: each looks for its neighbours among all others. NMI is that of k-means with as many clusters as
 * classes; it is left out where there are too many rows for that.
 *
 * @throws DataError NOTHING_TO_RETRIEVE where every row is alone with its class; OUTSIDE_DOMAIN with row and column
 */
export async function scoreSpace(space: Space, options: ScoreSpaceOptions): Promise<SpaceScore[]> {
  const { catalogue, backend, labels, k } = options;
  const { rows: embeddings, divergence, parameters, order } = space;
  const scores = await evaluateRetrieval({
    catalogue,
    backend,
    divergence,
    parameters,
    order,
    embeddings,
    labels,
    measures: ["recall-at-k", ...(k > 1 ? [{ name: "recall-at-k", k }] : []), "map-at-r"],
  });
  const names = ["recall@1", ...(k > 1 ? [`recall@${k}`] : []), "MAP@R"];
  return [
    ...scores.map(({ value, perQuery }, at) => ({ measure: names[at]!, value, perQuery })),
    ...clusterScore(space, labels),
  ];
}

function clusterScore({ rows }: Space, labels: Int32Array): SpaceScore[] {
  const [count = 0, width = 1] = rows.shape;
  const classes = new Set(labels).size;
  const work = count * width * classes;
  if (work > MOST_WORK || classes < 2) return [];
  const restarts = Math.max(1, Math.min(RESTARTS, Math.floor((RESTARTS * WORK) / work)));
  const key = Key.fromSeed(0).fold("k-means");
  const clusters = kMeans({ data: rows, clusters: classes, key, restarts }).labels;
  const of = (drawn: Int32Array) =>
    normalisedMutualInformation(
      drawn.map((row) => labels[row]!),
      drawn.map((row) => clusters[row]!),
    );
  return [{ measure: "NMI", value: normalisedMutualInformation(labels, clusters), rows: count, of }];
}
