import { defineDivergence, pairwiseSquaredDistances, square, sub, sum } from "@semblance/core";
import { z } from "zod";
import { setMeans } from "./set-mean.js";

/**
 * The moment-matching divergence of two sets of embeddings: the symmetric Bregman divergence of distributions with ψ(x, y) = f(x)ᵀf(y).
 *
 *     D(P, Q) = ‖mean_P f − mean_Q f‖²
 *
 * Shapes   sets [n, s, d], [m, t, d] with masks [n, s], [m, t]  →  [n, m]; rows are sets of one point
 * Bias     of finite sets, upward by tr Cov_p(f)/|P| + tr Cov_q(f)/|Q|: harmless for sets of one size
 * Source   Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020), section 3.1
 */
export const momentMatching = defineDivergence({
  name: "moment-matching",
  summary: "Squared distance of the mean embeddings of two sets.",
  formula: "D(P, Q) = ‖mean_P f − mean_Q f‖²",
  source: "Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020), section 3.1",
  symmetric: true,
  config: z.strictObject({}),
  matrix: (x, y) => pairwiseSquaredDistances(x, y),
  paired: (x, y) => sum(square(sub(x, y)), { axes: [1] }),
  sets: (first, second) => pairwiseSquaredDistances(setMeans(first), setMeans(second)),
  generator: (x) => sum(square(x), { axes: [1] }),
});
