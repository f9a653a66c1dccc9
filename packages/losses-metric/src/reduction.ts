import { cast, div, greater, maximum, mean, mul, sum, type Tensor, where } from "@semblance/core";
import { z } from "zod";

const REDUCTIONS = ["mean-valid", "mean-nonzero", "sum", "per-anchor"] as const;
const REDUCTION_WORDS = "how terms are folded: mean-valid, mean-nonzero (of the terms above 0), sum or per-anchor";

/** How the terms of a loss become one number. */
export const reductionKey = z.enum(REDUCTIONS).default("mean-valid").describe(REDUCTION_WORDS);

export type Reduction = z.output<typeof reductionKey>;

/** The same with another default. */
export const reductionKeyOf = (standard: Reduction): typeof reductionKey =>
  reductionKey.removeDefault().default(standard).describe(REDUCTION_WORDS);

/**
 * Folds terms of which each belongs to one row and every one is valid: [n] → [].
 *
 *     mean-valid, per-anchor   (1/n) Σ t        sum   Σ t        mean-nonzero   Σ t / #{t > 0}, and 0 where no term is above 0
 *
 * With one term for each anchor, a mean of anchors' means is the mean.
 */
export function reduceRows(terms: Tensor, reduction: Reduction): Tensor {
  switch (reduction) {
    case "mean-valid":
    case "per-anchor":
      return mean(terms);
    case "sum":
      return sum(terms);
    case "mean-nonzero":
      return div(sum(terms), maximum(sum(cast(greater(terms, 0), terms.dtype)), 1));
    default:
      return reduction satisfies never;
  }
}

/**
 * Folds terms of which a mask says how far each is valid, [n, …] → []; terms of one index of `anchorAxis` belong to one anchor.
 *
 *     mean-valid     Σ t·m / Σ m                 mean-nonzero   Σ t·m / Σ m over t > 0
 *     sum            Σ t·m                       per-anchor     mean over anchors with Σ m > 0 of their own mean-valid
 *
 * Where nothing is valid the value is exactly 0 and so is every gradient. A term that the mask leaves out may be anything but what its
 * gradient cannot bear: select before the unsafe operation, since a derivative that is infinite there would meet a 0 as 0·∞.
 *
 * @param mask [n, …] of the shape of `terms`: 1 or 0, or a weight from 0
 */
export function reduceMasked(
  terms: Tensor,
  mask: Tensor,
  { reduction, anchorAxis = 0 }: { readonly reduction: Reduction; readonly anchorAxis?: number },
): Tensor {
  const weighted = mul(where(greater(mask, 0), terms, 0), mask);
  switch (reduction) {
    case "mean-valid":
      return div(sum(weighted), orOne(sum(mask)));
    case "sum":
      return sum(weighted);
    case "mean-nonzero":
      return div(sum(weighted), orOne(sum(where(greater(terms, 0), mask, 0))));
    case "per-anchor": {
      const axes = terms.shape.flatMap((_, axis) => (axis === anchorAxis ? [] : [axis]));
      const [totals, weights] = axes.length === 0 ? [weighted, mask] : [sum(weighted, { axes }), sum(mask, { axes })];
      const anchors = sum(cast(greater(weights, 0), terms.dtype));
      return div(sum(div(totals, orOne(weights))), maximum(anchors, 1));
    }
    default:
      return reduction satisfies never;
  }
}

/** A divisor: what is above 0, and 1 where nothing is. */
export function orOne(weight: Tensor): Tensor {
  return where(greater(weight, 0), weight, 1);
}
