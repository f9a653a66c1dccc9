import type { ComponentReference, Entry } from "./entry.js";

/** How the rows of a batch are compared before tuples are chosen. */
export interface MinerComparison {
  readonly divergence: ComponentReference;
  /** Whether rows are scaled to unit length first. */
  readonly normalise: boolean;
  readonly order: DivergenceOrder;
}

/** Which argument of D the anchor is: D(anchor, other), D(other, anchor), or their mean. */
export const DIVERGENCE_ORDERS = ["anchor-first", "anchor-second", "both"] as const;
export type DivergenceOrder = (typeof DIVERGENCE_ORDERS)[number];

/** A batch as a miner sees it: numbers, nothing that a gradient passes through. */
export interface MiningBatch {
  readonly rows: number;
  /** The width of an embedding. */
  readonly width: number;
  /** [n]; which numbers stand for the classes means nothing. */
  readonly labels: ArrayLike<number>;
  /**
   * [n·n], row-major: 1 where rows are alike, −1 where they differ, 0 where it is unknown, degrees between; instead of labels, which
   * then are all different. What a miner chooses against it is left out.
   */
  readonly relations?: ArrayLike<number>;
  /** [n·n], row-major, rows are anchors: what `comparison` asks for. */
  readonly divergences: ArrayLike<number>;
  /** [n·n] uniform numbers in [0, 1), for a miner that draws; without it, it takes the most likely. */
  readonly noise?: ArrayLike<number>;
  /** Told how many draws had no candidate within the miner's limits and were made from all. */
  fallback?(draws: number): void;
}

/** Triplets by the gap g = D(a, n) − D(a, p): those with above < g ≤ upTo, where no bound is an infinite one. */
export interface GapRange {
  readonly above: number;
  readonly upTo: number;
}

/** Chooses the tuples of a batch that a loss learns from. Only a choice: no gradient passes through it. */
export interface Miner<Config = unknown> extends Entry<Config> {
  readonly kind: "miner";
  /** Whether its choice is drawn. */
  readonly random?: boolean;
  comparison(config: Config): MinerComparison;
  /** Hands each triplet (anchor, positive, negative) that it chooses to `keep`. A miner has this or `pairs`. */
  triplets?(
    batch: MiningBatch,
    config: Config,
    keep: (anchor: number, positive: number, negative: number) => void,
  ): void;
  /**
   * Where a triplet of known rows is chosen by its gap alone, which gaps are: `triplets` says the same, but whoever adds triplets up need not
   * visit each, of which a batch of 512 rows may have 30 million.
   */
  gaps?(config: Config): GapRange;
  /** Hands each ordered pair (anchor, other) that it chooses to `keep`, positives and negatives. */
  pairs?(batch: MiningBatch, config: Config, keep: (anchor: number, other: number) => void): void;
  /** p(negative | anchor) [n·n] that a random miner draws from. */
  probabilities?(batch: MiningBatch, config: Config): Float64Array;
}

export function defineMiner<Config>(miner: Omit<Miner<Config>, "kind">): Miner<Config> {
  return { kind: "miner", ...miner };
}
