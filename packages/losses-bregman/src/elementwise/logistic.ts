import { add, div, log, sub, xLogY } from "@semblance/core";
import { defineElementwise } from "./define-elementwise.js";

/**
 * The logistic divergence: the Kullback–Leibler divergence of Bernoulli variables, summed.
 *
 *     D(x, y) = Σ x log(x/y) + (1 − x) log((1 − x)/(1 − y)),        φ(x) = Σ x log x + (1 − x) log(1 − x)
 *
 * Shapes   x: [n, d] from 0 to 1, y: [m, d] between 0 and 1, without both  →  [n, m]; 0·log 0 = 0
 * Laws     D(1 − x, 1 − y) = D(x, y)
 * Source   Banerjee, Merugu, Dhillon, Ghosh, JMLR 6 (2005), table 1
 */
export const logistic = defineElementwise({
  name: "logistic",
  summary: "Kullback–Leibler divergence of Bernoulli variables, summed.",
  formula: "D(x, y) = Σ x log(x/y) + (1 − x) log((1 − x)/(1 − y))",
  source: "Banerjee et al., Clustering with Bregman divergences, JMLR 6 (2005), table 1",
  domain: { first: "unit", second: "open-unit" },
  f: (x) => add(xLogY(x, x), xLogY(sub(1, x), sub(1, x))),
  slope: (x) => sub(log(x), log(sub(1, x))),
  between: (x, y) => add(xLogY(x, div(x, y)), xLogY(sub(1, x), div(sub(1, x), sub(1, y)))),
});
