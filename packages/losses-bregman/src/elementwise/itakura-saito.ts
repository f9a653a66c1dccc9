import { div, log, neg, sub } from "@semblance/core";
import { defineElementwise } from "./define-elementwise.js";

/**
 * The Itakura–Saito divergence, unchanged when both spectra are scaled alike.
 *
 *     D(x, y) = Σ x/y − log(x/y) − 1,        φ(x) = −Σ log x
 *
 * Shapes   x: [n, d] > 0, y: [m, d] > 0  →  [n, m]
 * Laws     D(ax, ay) = D(x, y)
 * Source   Banerjee, Merugu, Dhillon, Ghosh, JMLR 6 (2005), table 1
 */
export const itakuraSaito = defineElementwise({
  name: "itakura-saito",
  summary: "Divergence of positive spectra, unchanged by a common scale.",
  formula: "D(x, y) = Σ x/y − log(x/y) − 1",
  source: "Banerjee et al., Clustering with Bregman divergences, JMLR 6 (2005), table 1",
  domain: { first: "positive", second: "positive" },
  f: (x) => neg(log(x)),
  slope: (x) => div(-1, x),
  between(x, y) {
    const ratio = div(x, y);
    return sub(sub(ratio, log(ratio)), 1);
  },
});
