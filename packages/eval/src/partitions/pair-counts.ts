import type { Contingency } from "./contingency.js";

/**
 * Pairs of rows, by whether each partition puts them together.
 *
 *     TP = Σᵢⱼ pairs(nᵢⱼ)   TP + FN = Σᵢ pairs(aᵢ)   TP + FP = Σⱼ pairs(bⱼ)   total = pairs(n)   pairs(m) = m(m − 1)/2
 *
 * Whole numbers in float64: exact up to 2⁵³, that is n ≈ 1.3e8. int32 would overflow at n = 65,537.
 */
export interface PairCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly total: number;
}

const pairs = (m: number) => (m * (m - 1)) / 2;
const sumOfPairs = (sizes: Iterable<number>) => {
  let sum = 0;
  for (const size of sizes) sum += pairs(size);
  return sum;
};

export function pairCounts(table: Contingency): PairCounts {
  const truePositives = sumOfPairs(table.cells.map(({ count }) => count));
  const falsePositives = sumOfPairs(table.clusterSizes) - truePositives;
  const falseNegatives = sumOfPairs(table.classSizes) - truePositives;
  const total = pairs(table.rows);
  const trueNegatives = total - truePositives - falsePositives - falseNegatives;
  return { truePositives, falsePositives, falseNegatives, trueNegatives, total };
}
