import { and, cast, type FloatDType, greater, or, sum, type Tensor } from "@semblance/core";
import type { PairMasks } from "../pair-masks.js";

/** Who belongs together in a batch, as losses over whole rows of it ask: rows are anchors. A degree of similarity counts as a whole pair. */
export interface Anchors {
  /** Boolean [n, n]. */
  readonly positive: Tensor;
  readonly negative: Tensor;
  /** Either: the pairs of which anything is known. */
  readonly known: Tensor;
  /** Boolean [n]: anchors that have one of the kind. */
  readonly hasPositive: Tensor;
  readonly hasNegative: Tensor;
  /** [n]: 1 for an anchor with both kinds, 0 for one that has nothing to compare. */
  readonly valid: Tensor;
}

export function anchorsOf(masks: PairMasks): Anchors {
  const positive = greater(masks.positive, 0);
  const negative = greater(masks.negative, 0);
  const any = (weights: Tensor) => greater(sum(weights, { axes: [1] }), 0);
  const [hasPositive, hasNegative] = [any(masks.positive), any(masks.negative)];
  const valid = cast(and(hasPositive, hasNegative), masks.positive.dtype as FloatDType);
  return { positive, negative, known: or(positive, negative), hasPositive, hasNegative, valid };
}
