import { defineMiner } from "@semblance/core";
import { comparisonConfig, comparisonOf } from "./miner-keys.js";
import { forEachTripletAnchor, largestOf } from "./partners.js";

/**
 * With each pair of one class the nearest negative that is farther than the positive; where there is none, the farthest negative.
 *
 * This is what FaceNet's text and TensorFlow's loss mean by semi-hard. What lies in a band above the positive is `margin-filtered` of
 * type `semi-hard`.
 *
 * Source   Schroff, Kalenichenko, Philbin, FaceNet (CVPR 2015), section 3.2
 */
export const semiHard = defineMiner({
  name: "semi-hard",
  summary: "With each positive the nearest negative that is farther than it.",
  formula: "(a, p, arg min {D(a, n) : D(a, n) > D(a, p)}), else arg max D(a, n)",
  source: "Schroff, Kalenichenko, Philbin, FaceNet (CVPR 2015), section 3.2",
  config: comparisonConfig,
  comparison: comparisonOf,
  triplets(batch, _config, keep) {
    const { divergences, rows } = batch;
    forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
      const start = anchor * rows;
      const farthest = largestOf(negatives, (row) => divergences[start + row]!);
      for (const positive of positives) {
        const limit = divergences[start + positive]!;
        // Going through all costs less than sorting them by a comparison function.
        let [nearest, distance] = [farthest, Number.POSITIVE_INFINITY];
        for (let k = 0; k < negatives.length; k++) {
          const d = divergences[start + negatives[k]!]!;
          if (d > limit && d < distance) [nearest, distance] = [negatives[k]!, d];
        }
        keep(anchor, positive, nearest);
      }
    });
  },
});
