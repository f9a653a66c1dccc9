import { add, defineDivergence, div, mul, pairwiseDifferences, sqrt, square, sub, sum } from "@semblance/core";
import { z } from "zod";

const config = z.strictObject({
  scale: z.number().positive().default(1).describe("δ, above 0: where it turns linear"),
});

/** The pseudo-Huber divergence: quadratic between near rows, linear between far ones, so that outliers pull less. */
export const pseudoHuber = defineDivergence({
  name: "pseudo-huber",
  summary: "Quadratic between near rows, linear between far ones.",
  formula: "D(x, y) = δ² Σ (√(1 + ((x − y)/δ)²) − 1)",
  source: "Charbonnier et al., IEEE Transactions on Image Processing 6 (1997)",
  symmetric: true,
  config,
  examples: [{}, { scale: 0.5 }],
  matrix(x, y, { scale }: z.infer<typeof config>) {
    const apart = div(pairwiseDifferences(x, y), scale);
    return mul(sum(sub(sqrt(add(square(apart), 1)), 1), { axes: [2] }), scale ** 2);
  },
});
