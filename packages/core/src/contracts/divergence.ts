import type { Tensor } from "../ir/tensor.js";
import type { Key } from "../random/key.js";
import type { ComponentReference, Entry } from "./entry.js";
import type { BoundKernel } from "./loss.js";
import type { ParameterArrays, ParameterTensors } from "./parameters.js";

/**
 * What values an argument of a divergence may hold: any real number, numbers from 0, above 0, from 0 to 1, or between 0 and 1 without
 * both.
 */
export type ArgumentDomain = "real" | "non-negative" | "positive" | "unit" | "open-unit";

/** Point sets that stand for distributions. */
export interface PointSets {
  /** [n, s, d]: n sets of at most s points. */
  readonly points: Tensor;
  /** [n, s]: 1 where a point belongs to its set, 0 where it fills up; all belong without it. */
  readonly mask?: Tensor;
}

/** What is known before a learned divergence is initialised. */
export interface DivergenceFacts {
  /** The width d of the rows that it compares. */
  readonly width: number;
}

/** What a divergence is handed while it is built. */
export interface DivergenceContext {
  /** The weights that it owns; empty for most. */
  readonly parameters: ParameterTensors;
  /** A kernel by name or configuration, with its configuration applied. */
  kernel(reference: ComponentReference): BoundKernel;
  /** Tells training a number to watch, as `BuildContext.monitor` does. */
  monitor(name: string, value: Tensor): void;
}

/**
 * A dissimilarity D(first, second) of embeddings or of sets of them, differentiable by both arguments; smaller is closer. Order is
 * meaningful: D(x, y) need not be D(y, x).
 */
export interface Divergence<Config = unknown> extends Entry<Config> {
  readonly kind: "divergence";
  /** What values rows may hold, by argument; real numbers unless it says otherwise. */
  readonly domain?: { readonly first: ArgumentDomain; readonly second: ArgumentDomain };
  /** Whether D(x, y) = D(y, x) for every configuration. */
  readonly symmetric?: boolean;
  /** Whether D ≥ 0 with D(x, x) = 0, as of everything that a Bregman divergence is; true unless it says otherwise. */
  readonly nonNegative?: boolean;
  /** Whether D depends on directions alone: D(ax, by) = D(x, y) for a, b > 0. */
  readonly scaleInvariant?: boolean;
  /** All pairs of rows: first [n, d], second [m, d] → [n, m]. A divergence has this, `sets`, or both. */
  matrix?(first: Tensor, second: Tensor, config: Config, cx: DivergenceContext): Tensor;
  /** Row by row: first [n, d], second [n, d] → [n]; the diagonal of `matrix` where it is left out. */
  paired?(first: Tensor, second: Tensor, config: Config, cx: DivergenceContext): Tensor;
  /** All pairs of sets: n sets, m sets → [n, m]. */
  sets?(first: PointSets, second: PointSets, config: Config, cx: DivergenceContext): Tensor;
  /** Whether sets are compared without the pairs of a point with itself: its copy then counts as another point, and a set of one as none. */
  unbiased?(config: Config): boolean;
  /** The convex φ [n, d] → [n] of a Bregman divergence φ(x) − φ(y) − ⟨x − y, ∇φ(y)⟩, up to affine terms. */
  generator?(x: Tensor, config: Config, cx: DivergenceContext): Tensor;
  /** Weights that it learns. */
  init?(key: Key, config: Config, facts: DivergenceFacts): ParameterArrays;
  /** The width of the embedding that it asks for, where that means something: the number of classes for one output a class. */
  outputs?(config: Config, facts: { readonly classes?: number }): number | undefined;
  /** Why its gradient is not the derivative of the value somewhere, where something is held fixed on purpose. */
  readonly heldFixed?: string;
}

export function defineDivergence<Config>(divergence: Omit<Divergence<Config>, "kind">): Divergence<Config> {
  return { kind: "divergence", ...divergence };
}
