import { Key } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/expect-error.js";
import { studentMixture } from "./student-mixture.js";

const key = Key.fromSeed(2);
const members = (component: number, degreesOfFreedom: number) => {
  const { features, labels } = studentMixture({ key, rows: 40_000, degreesOfFreedom });
  return Array.from(labels!.indices.keys())
    .filter((row) => labels!.indices[row] === component)
    .map((row) => [features.data[2 * row]!, features.data[2 * row + 1]!] as const);
};
const quantile = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;

describe("studentMixture", () => {
  it("has three round Gaussians at their corners, whatever the degrees of freedom", () => {
    for (const [component, centre] of [
      [0, [5, 5]],
      [1, [5, -5]],
      [2, [-5, 5]],
    ] as const) {
      const rows = members(component, 1);
      expect(Math.abs(rows.length / 40_000 - 0.25)).toBeLessThan(0.01);
      for (const axis of [0, 1] as const) {
        const mean = rows.reduce((sum, row) => sum + row[axis], 0) / rows.length;
        const variance = rows.reduce((sum, row) => sum + (row[axis] - mean) ** 2, 0) / rows.length;
        // Four standard errors of 10,000 rows.
        expect(Math.abs(mean - centre[axis])).toBeLessThan(0.04);
        expect(Math.abs(variance - 1)).toBeLessThan(0.06);
      }
      expect(members(component, 2)).toEqual(rows);
    }
  });

  it.each([
    // Quartiles of Student's distribution: tan(π/4) = 1 for one degree of freedom, √(2/3) for two.
    [1, 1],
    [2, Math.sqrt(2 / 3)],
  ])("has the quartiles of a Student distribution of %d degrees of freedom", (degrees, quartile) => {
    const first = members(3, degrees).map(([x]) => x + 5);
    expect(Math.abs(quantile(first, 0.75) - quartile)).toBeLessThan(0.08);
    expect(Math.abs(quantile(first, 0.25) + quartile)).toBeLessThan(0.08);
    // Nothing of a Gaussian lies beyond 6.
    expect(Math.max(...first.map(Math.abs))).toBeGreaterThan(20);
  });

  it("is the same for the same key", () => {
    expect(studentMixture({ key, rows: 5 })).toEqual(studentMixture({ key, rows: 5 }));
  });

  it.each([
    { rows: 0 },
    { rows: 5, degreesOfFreedom: 0 },
    { rows: 5, degreesOfFreedom: 1.5 },
    { rows: 5, separation: NaN },
  ])("refuses %j", async (wrong) => {
    expect((await errorOf(() => studentMixture({ key, ...wrong }))).code).toBe("MIXTURE_INVALID");
  });
});
