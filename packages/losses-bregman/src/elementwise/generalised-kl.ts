import { add, div, log, sub, xLogY } from "@semblance/core";
import { defineElementwise } from "./define-elementwise.js";

/**
 * The generalised Kullback–Leibler divergence, or I-divergence; on the simplex it is KL(x ‖ y).
 *
 *     D(x, y) = Σ x log(x/y) − x + y,        φ(x) = Σ x log x
 *
 * Shapes   x: [n, d] ≥ 0, y: [m, d] > 0  →  [n, m]; 0·log 0 = 0, with derivative taken as 0 there
 * Source   Banerjee, Merugu, Dhillon, Ghosh, JMLR 6 (2005), table 1
 */
export const generalisedKl = defineElementwise({
  name: "generalised-kl",
  summary: "Kullback–Leibler divergence of non-negative vectors.",
  formula: "D(x, y) = Σ x log(x/y) − x + y",
  source: "Banerjee et al., Clustering with Bregman divergences, JMLR 6 (2005), table 1",
  domain: { first: "non-negative", second: "positive" },
  f: (x) => xLogY(x, x),
  slope: (x) => add(log(x), 1),
  between: (x, y) => add(sub(xLogY(x, div(x, y)), x), y),
});
