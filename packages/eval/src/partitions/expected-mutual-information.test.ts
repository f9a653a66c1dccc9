import fc from "fast-check";
import { expect, it } from "vitest";
import { contingency } from "./contingency.js";
import { expectedMutualInformation } from "./expected-mutual-information.js";

const logFactorial = (n: number) => {
  let sum = 0;
  for (let k = 2; k <= n; k++) sum += Math.log(k);
  return sum;
};

/** Equation 24 of Vinh, Epps and Bailey as it is printed, with factorials. */
function byFactorials(n: number, a: Iterable<number>, b: readonly number[]): number {
  let expected = 0;
  for (const ai of a) {
    for (const bj of b) {
      for (let t = Math.max(1, ai + bj - n); t <= Math.min(ai, bj); t++) {
        const ways =
          logFactorial(ai) +
          logFactorial(bj) +
          logFactorial(n - ai) +
          logFactorial(n - bj) -
          logFactorial(n) -
          logFactorial(t) -
          logFactorial(ai - t) -
          logFactorial(bj - t) -
          logFactorial(n - ai - bj + t);
        expected += (t / n) * Math.log((n * t) / (ai * bj)) * Math.exp(ways);
      }
    }
  }
  return expected;
}

it("equals the formula with factorials", () => {
  const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(labels, labels, (truth, predicted) => {
      const table = contingency(truth, predicted);
      expect(expectedMutualInformation(table)).toBeCloseTo(
        byFactorials(table.rows, table.classSizes, [...table.clusterSizes]),
        11,
      );
    }),
    { seed: 12 },
  );
});

it("is log n for singletons on both sides, where chance explains everything", () => {
  const rows = Array.from({ length: 500 }, (_, row) => row);
  expect(expectedMutualInformation(contingency(rows, rows))).toBeCloseTo(Math.log(500), 12);
});
