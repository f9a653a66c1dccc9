import { defineMiner } from "@semblance/core";
import { z } from "zod";
import { comparisonKeys, comparisonOf } from "./miner-keys.js";
import { forEachAnchor } from "./partners.js";

const config = z.strictObject({
  ...comparisonKeys,
  positiveMargin: z.number().default(0.2).describe("positives that are farther than this are chosen"),
  negativeMargin: z.number().default(0.8).describe("negatives that are nearer than this are chosen"),
});

/** Positives that are far and negatives that are near: D(a, p) > m₊ and D(a, n) < m₋. */
export const pairMargin = defineMiner({
  name: "pair-margin",
  summary: "Positives that are far, and negatives that are near.",
  formula: "D(a, p) > m₊;  D(a, n) < m₋",
  config,
  comparison: comparisonOf,
  pairs(batch, { positiveMargin, negativeMargin }: z.infer<typeof config>, keep) {
    const { divergences, rows } = batch;
    forEachAnchor(batch, ({ anchor, positives, negatives }) => {
      const d = (row: number) => divergences[anchor * rows + row]!;
      for (const positive of positives) if (d(positive) > positiveMargin) keep(anchor, positive);
      for (const negative of negatives) if (d(negative) < negativeMargin) keep(anchor, negative);
    });
  },
});
