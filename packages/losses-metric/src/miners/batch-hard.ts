import { defineMiner } from "@semblance/core";
import { comparisonConfig, comparisonOf } from "./miner-keys.js";
import { forEachTripletAnchor, largestOf } from "./partners.js";

/**
 * Of each anchor the farthest positive with the nearest negative; rows that lack either are no anchors. Of equal ones the first row.
 *
 * Source   Hermans, Beyer, Leibe, In Defense of the Triplet Loss for Person Re-Identification (2017)
 */
export const batchHard = defineMiner({
  name: "batch-hard",
  summary: "Of each anchor the farthest positive with the nearest negative.",
  formula: "(a, arg max_p D(a, p), arg min_n D(a, n))",
  source: "Hermans, Beyer, Leibe, In Defense of the Triplet Loss for Person Re-Identification (2017)",
  config: comparisonConfig,
  comparison: comparisonOf,
  triplets(batch, _config, keep) {
    const { divergences, rows } = batch;
    forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
      const start = anchor * rows;
      const farthest = largestOf(positives, (row) => divergences[start + row]!);
      const nearest = largestOf(negatives, (row) => -divergences[start + row]!);
      keep(anchor, farthest, nearest);
    });
  },
});
