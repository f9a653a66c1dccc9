import { exp, mul, sub } from "@semblance/core";
import { defineElementwise } from "./define-elementwise.js";

/**
 * The exponential divergence.
 *
 *     D(x, y) = Σ eˣ − e^y − (x − y) e^y = Σ e^y (e^{x−y} − 1 − (x − y)),        φ(x) = Σ eˣ
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Source   Banerjee, Merugu, Dhillon, Ghosh, JMLR 6 (2005), table 1
 */
export const exponential = defineElementwise({
  name: "exponential",
  summary: "Bregman divergence of the exponential function.",
  formula: "D(x, y) = Σ eˣ − e^y − (x − y) e^y",
  source: "Banerjee et al., Clustering with Bregman divergences, JMLR 6 (2005), table 1",
  f: exp,
  slope: exp,
  between(x, y) {
    const difference = sub(x, y);
    return mul(exp(y), sub(sub(exp(difference), 1), difference));
  },
});
