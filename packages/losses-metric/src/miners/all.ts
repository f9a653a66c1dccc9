import { defineMiner } from "@semblance/core";
import { comparisonConfig, comparisonOf } from "./miner-keys.js";
import { forEachTripletAnchor } from "./partners.js";

/**
 * Every triplet of a batch: each anchor with each row of its class and each row of another.
 */
export const all = defineMiner({
  name: "all",
  summary: "Every triplet.",
  formula: "{(a, p, n) : yₐ = y_p ≠ y_n, a ≠ p}",
  config: comparisonConfig,
  comparison: comparisonOf,
  triplets(batch, _config, keep) {
    forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
      for (const positive of positives) for (const negative of negatives) keep(anchor, positive, negative);
    });
  },
});
