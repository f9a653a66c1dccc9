import { type BuildContext, div, mul, stopGradient, sum, type Tensor } from "@semblance/core";
import type { PairMasks } from "./pair-masks.js";
import { orOne } from "./reduction.js";

export interface PairMonitor {
  /** [n, n], rows are anchors. */
  readonly divergences: Tensor;
  readonly masks: PairMasks;
  /** How many pairs, triplets or anchors there were to learn from []. */
  readonly tuples: Tensor;
  /** What is asked between positives and negatives; left out where the loss has none. */
  readonly margin?: Tensor;
}

/** Tells training how far apart the pairs of a batch are: that a batch held nothing, or that all rows coincide, is noticed there. */
export function monitorPairs(
  cx: Pick<BuildContext, "monitor">,
  { divergences, masks, tuples, margin }: PairMonitor,
): void {
  const d = stopGradient(divergences);
  cx.monitor("tuples", stopGradient(tuples));
  cx.monitor("positive", weightedMean(d, masks.positive));
  cx.monitor("negative", weightedMean(d, masks.negative));
  if (margin) cx.monitor("margin", stopGradient(margin));
}

/** Σ w·d / Σ w, and 0 without a pair. */
function weightedMean(d: Tensor, weights: Tensor): Tensor {
  return div(sum(mul(d, weights)), orOne(sum(weights)));
}
