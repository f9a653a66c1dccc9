import { defineMiner } from "@semblance/core";
import { z } from "zod";
import { marginKey } from "../pair-keys.js";
import { comparisonKeys, comparisonOf } from "./miner-keys.js";
import { forEachTripletAnchor } from "./partners.js";

const TYPES = ["all", "hard", "semi-hard", "easy"] as const;

const config = z.strictObject({
  ...comparisonKeys,
  margin: marginKey(0.2),
  type: z
    .enum(TYPES)
    .default("all")
    .describe("which triplets: all within the margin, hard, semi-hard (farther, but within the margin) or easy"),
});

/** Whether a triplet whose negative is farther than its positive by `gap` is chosen. */
const CHOSEN: Readonly<Record<(typeof TYPES)[number], (gap: number, margin: number) => boolean>> = {
  all: (gap, margin) => gap <= margin,
  hard: (gap, margin) => gap <= margin && gap <= 0,
  "semi-hard": (gap, margin) => gap > 0 && gap <= margin,
  easy: (gap, margin) => gap > margin,
};

/**
 * Triplets by how much farther the negative is than the positive, g = D(a, n) − D(a, p).
 *
 *     all   g ≤ m        hard   g ≤ m, g ≤ 0        semi-hard   0 < g ≤ m        easy   g > m
 */
export const marginFiltered = defineMiner({
  name: "margin-filtered",
  summary: "Triplets by how much farther the negative is than the positive.",
  formula: "g = D(a, n) − D(a, p): all g ≤ m, hard g ≤ 0, semi-hard 0 < g ≤ m, easy g > m",
  config,
  examples: TYPES.map((type) => ({ type })),
  comparison: comparisonOf,
  triplets(batch, { margin, type }: z.infer<typeof config>, keep) {
    const { divergences, rows } = batch;
    const chosen = CHOSEN[type];
    forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
      const start = anchor * rows;
      for (const positive of positives) {
        const own = divergences[start + positive]!;
        for (const negative of negatives) {
          if (chosen(divergences[start + negative]! - own, margin)) keep(anchor, positive, negative);
        }
      }
    });
  },
});
