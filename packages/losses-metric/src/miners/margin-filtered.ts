import { defineMiner, type GapRange } from "@semblance/core";
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

const GAPS: Readonly<Record<(typeof TYPES)[number], (margin: number) => GapRange>> = {
  all: (margin) => ({ above: Number.NEGATIVE_INFINITY, upTo: margin }),
  hard: (margin) => ({ above: Number.NEGATIVE_INFINITY, upTo: Math.min(margin, 0) }),
  "semi-hard": (margin) => ({ above: 0, upTo: margin }),
  easy: (margin) => ({ above: margin, upTo: Number.POSITIVE_INFINITY }),
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
  gaps: ({ margin, type }: z.infer<typeof config>) => GAPS[type](margin),
  triplets(batch, { margin, type }: z.infer<typeof config>, keep) {
    const { divergences, rows } = batch;
    const { above, upTo } = GAPS[type](margin);
    const unbounded = above === Number.NEGATIVE_INFINITY;
    forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
      const start = anchor * rows;
      for (const positive of positives) {
        const own = divergences[start + positive]!;
        for (const negative of negatives) {
          const gap = divergences[start + negative]! - own;
          if (gap <= upTo && (unbounded || gap > above)) keep(anchor, positive, negative);
        }
      }
    });
  },
});
