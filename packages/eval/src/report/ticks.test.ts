import fc from "fast-check";
import { expect, it } from "vitest";
import { axisOf, scaleOf } from "./ticks.js";

it("marks round numbers", () => {
  expect(axisOf(0, 1).ticks.map(({ text }) => text)).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1"]);
  expect(axisOf(-0.95, -0.1).ticks.map(({ text }) => text)).toEqual(["−0.8", "−0.6", "−0.4", "−0.2"]);
  expect(axisOf(0, 48_000).ticks.map(({ text }) => text)).toEqual(["0", "10,000", "20,000", "30,000", "40,000"]);
});

it("has a few increasing marks inside the range, and maps it to pixels, for any two numbers", () => {
  const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const axis = axisOf(a, b);
      expect(axis.high).toBeGreaterThan(axis.low);
      expect(axis.ticks.length).toBeLessThanOrEqual(11);
      const slack = (axis.high - axis.low) * 1e-6;
      axis.ticks.forEach(({ at }, i) => {
        expect(at).toBeGreaterThanOrEqual(axis.low - slack);
        expect(at).toBeLessThanOrEqual(axis.high + slack);
        if (i > 0) expect(at).toBeGreaterThan(axis.ticks[i - 1]!.at);
      });
      const scale = scaleOf(axis, 0, 100);
      expect(scale(axis.low)).toBeCloseTo(0, 6);
      expect(scale(axis.high)).toBeCloseTo(100, 6);
    }),
    // Shrinking a double takes minutes, and the first counterexample says as much.
    { seed: 71, numRuns: 2000, endOnFailure: true },
  );
});
