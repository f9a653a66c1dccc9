import { ConfigError, defineRegulariser } from "@semblance/core";
import { z } from "zod";

const config = z.strictObject({
  count: z.int().min(1).default(5).describe("M, the pairs that each step draws, a whole number from 1"),
});

/** All pairs a < b of k clusters, in the order (0, 1), (0, 2), … (1, 2), … */
export function allPairs(k: number): readonly (readonly [number, number])[] {
  return Array.from({ length: k }, (_, a) =>
    Array.from({ length: k - a - 1 }, (_, ahead) => [a, a + 1 + ahead] as const),
  ).flat();
}

/**
 * Draws pairs of clusters for a loss that compares some of them at each step. It adds no term.
 *
 * Supplies pairs [m, 2], m = min(count, k(k − 1)/2) pairs a < b drawn without replacement, anew for each step
 * Errors   PAIRS_NONE
 */
export const clusterPairs = defineRegulariser({
  name: "cluster-pairs",
  summary: "Draws pairs of clusters at each step, for losses that compare some of them; it adds no term.",
  config,
  examples: [{}, { count: 2 }],
  create({ shape }, { count }: z.infer<typeof config>) {
    const pairs = allPairs(shape.outputs);
    if (pairs.length === 0) {
      throw new ConfigError("PAIRS_NONE", `${shape.outputs} cluster has no pairs`, {
        where: 'regulariser "cluster-pairs"',
        fix: "Set clusters to 2 or more.",
      });
    }
    const drawn = Math.min(count, pairs.length);
    return {
      feeds: () => ({
        specs: { pairs: { dtype: "int32", shape: [drawn, 2] } },
        fill: ({ key }) => ({
          pairs: Int32Array.from(
            [...key.permutation(pairs.length).subarray(0, drawn)].flatMap((at) => [...pairs[at]!]),
          ),
        }),
      }),
      supply: ({ fed }) => ({ pairs: fed.pairs! }),
    };
  },
});
