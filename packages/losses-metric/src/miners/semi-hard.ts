import { defineMiner } from "@semblance/core";
import { comparisonConfig, comparisonOf } from "./miner-keys.js";
import { forEachTripletAnchor } from "./partners.js";

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
      const d = (row: number) => divergences[anchor * rows + row]!;
      // Ascending, of equal ones the first row first; of the farthest ones the first row too.
      const ranked = negatives.toSorted((a, b) => d(a) - d(b) || a - b);
      const last = d(ranked.at(-1)!);
      const farthest = ranked.find((row) => d(row) === last)!;
      for (const positive of positives) {
        const at = firstAbove(ranked, d, d(positive));
        keep(anchor, positive, at < ranked.length ? ranked[at]! : farthest);
      }
    });
  },
});

/** The first place in an ascending order whose value is above a limit. */
function firstAbove(ranked: Int32Array, valueOf: (row: number) => number, limit: number): number {
  let [low, high] = [0, ranked.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueOf(ranked[middle]!) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
