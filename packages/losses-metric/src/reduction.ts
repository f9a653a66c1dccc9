import { cast, div, greater, maximum, mean, sum, type Tensor } from "@semblance/core";
import { z } from "zod";

/** How the terms of a loss become one number. */
export const reductionKey = z
  .enum(["mean-valid", "mean-nonzero", "sum", "per-anchor"])
  .default("mean-valid")
  .describe("how terms are folded: mean-valid, mean-nonzero (of the terms above 0), sum or per-anchor");

export type Reduction = z.output<typeof reductionKey>;

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
