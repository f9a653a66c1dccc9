import { defineMiner } from "@semblance/core";
import { z } from "zod";
import { divergenceKey } from "../pair-keys.js";
import { comparisonKeys, comparisonOf } from "./miner-keys.js";
import { forEachTripletAnchor, largestOf } from "./partners.js";

const config = z.strictObject({
  ...comparisonKeys,
  divergence: divergenceKey("cosine"),
  epsilon: z.number().default(0.1).describe("by how much a pair may miss the hardest one of the other kind"),
});

/**
 * Of each anchor the positives that are hardly nearer than its nearest negative, and the negatives that are hardly farther than its
 * farthest positive.
 *
 *     positive j:  D(a, j) + ε > min_neg D(a, k)          negative k:  D(a, k) − ε < max_pos D(a, j)
 *
 * With D the cosine divergence 1 − S these are S(a, j) − ε < max S(a, k) and S(a, k) + ε > min S(a, j).
 *
 * Source   Wang, Han, Huang, Dong, Scott, Multi-Similarity Loss (CVPR 2019), section 3.3
 */
export const multiSimilarity = defineMiner({
  name: "multi-similarity",
  summary:
    "Positives hardly nearer than the nearest negative, and negatives hardly farther than the farthest positive.",
  formula: "D(a, p) + ε > min D(a, n);  D(a, n) − ε < max D(a, p)",
  source: "Wang, Han, Huang, Dong, Scott, Multi-Similarity Loss (CVPR 2019), section 3.3",
  config,
  comparison: comparisonOf,
  pairs(batch, { epsilon }: z.infer<typeof config>, keep) {
    const { divergences, rows } = batch;
    forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
      const d = (row: number) => divergences[anchor * rows + row]!;
      const farthest = d(largestOf(positives, d));
      const nearest = d(largestOf(negatives, (row) => -d(row)));
      for (const positive of positives) if (d(positive) + epsilon > nearest) keep(anchor, positive);
      for (const negative of negatives) if (d(negative) - epsilon < farthest) keep(anchor, negative);
    });
  },
});
