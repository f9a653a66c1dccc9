import type { Contingency } from "./contingency.js";

// Far below the rounding of the sum that the terms are added to.
const NEGLIGIBLE = 1e-22;

/**
 * Σ_t (t/n) log(n t / (a b)) P(t) for T hypergeometric: the overlap of a random set of a rows with a fixed one of b.
 *
 * P is built from its mode outwards by the ratio of neighbours and divided by its sum. The factorials of the textbook form
 * cancel to a probability from logarithms of size n log n, which loses a digit for every power of ten of n; ratios lose none.
 */
function overlapInformation(n: number, a: number, b: number): number {
  const least = Math.max(0, a + b - n);
  const most = Math.min(a, b);
  const mode = Math.min(most, Math.max(least, Math.floor(((a + 1) * (b + 1)) / (n + 2))));
  const term = (t: number) => (t === 0 ? 0 : (t / n) * Math.log((n * t) / (a * b)));
  let mass = 1;
  let sum = term(mode);
  for (let t = mode, p = 1; t < most && p > NEGLIGIBLE; t++) {
    p *= ((a - t) * (b - t)) / ((t + 1) * (n - a - b + t + 1));
    mass += p;
    sum += p * term(t + 1);
  }
  for (let t = mode, p = 1; t > least && p > NEGLIGIBLE; t--) {
    p *= (t * (n - a - b + t)) / ((a - t + 1) * (b - t + 1));
    mass += p;
    sum += p * term(t - 1);
  }
  return sum / mass;
}

const multiplicities = (sizes: Float64Array) => {
  const counted = new Map<number, number>();
  for (const size of sizes) counted.set(size, (counted.get(size) ?? 0) + 1);
  return [...counted];
};

/**
 * Expected mutual information of two random partitions with the sizes of these two (the permutation model).
 *
 *     E[I] = Σᵢⱼ Σ_t (t/n) log(n t/(aᵢ bⱼ)) P(nᵢⱼ = t)
 *
 * Groups of equal size are handled once, so that partitions into many small groups cost little.
 *
 * Source: Vinh, Epps, Bailey, "Information Theoretic Measures for Clusterings Comparison", JMLR 11 (2010), equation 24.
 */
export function expectedMutualInformation({ rows, classSizes, clusterSizes }: Contingency): number {
  let expected = 0;
  for (const [a, classes] of multiplicities(classSizes)) {
    for (const [b, clusters] of multiplicities(clusterSizes)) {
      expected += classes * clusters * overlapInformation(rows, a, b);
    }
  }
  return expected;
}
