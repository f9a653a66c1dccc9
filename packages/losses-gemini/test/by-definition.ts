import { type Rows, shares } from "./score.js";

/** f-divergences D(p, q) = Σᵢ qᵢ f(pᵢ/qᵢ) by their generators, of distributions that are positive everywhere. */
const divergence = (f: (t: number) => number) => (p: readonly number[], q: readonly number[]) =>
  p.reduce((total, each, i) => total + q[i]! * f(each / q[i]!), 0);

export const DIVERGENCES = {
  kl: divergence((t) => t * Math.log(t)),
  tv: divergence((t) => Math.abs(t - 1) / 2),
  hellinger: divergence((t) => (Math.sqrt(t) - 1) ** 2 / 2),
  chi2: divergence((t) => (t - 1) ** 2),
};

/**
 * A GEMINI as it is defined: the expectation over clusters of a divergence between distributions on the samples, p(x|k) = pₖ/(Nπₖ) and
 * p(x) = 1/N, in loops that share nothing with the losses.
 */
export function averageDivergence(
  posteriors: Rows,
  between: (p: readonly number[], q: readonly number[]) => number,
  mode: "ova" | "ovo",
): number {
  const n = posteriors.length;
  const pi = shares(posteriors);
  const clusters = pi.map((share, k) => posteriors.map((row) => row[k]! / (n * share)));
  if (mode === "ova") {
    const data = posteriors.map(() => 1 / n);
    return pi.reduce((total, share, k) => total + share * between(clusters[k]!, data), 0);
  }
  let total = 0;
  for (const [a, first] of clusters.entries()) {
    for (const [b, second] of clusters.entries()) total += pi[a]! * pi[b]! * between(first, second);
  }
  return total;
}
