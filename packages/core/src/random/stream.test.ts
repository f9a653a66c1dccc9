import { describe, expect, it } from "vitest";
import { Key } from "./key.js";
import { RandomStream } from "./stream.js";

const stream = (seed = 5) => Key.fromSeed(seed).stream();

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

// The upper 0.1 % points of χ² with 99 and 9 degrees of freedom. The seeds are fixed, so that a failure is a change of the numbers.
const CHI_SQUARE_99 = 148.2;
const CHI_SQUARE_9 = 27.88;

describe("RandomStream", () => {
  it("goes on from a state as if it had not stopped, wherever it stopped", () => {
    for (let drawn = 0; drawn < 9; drawn++) {
      const whole = stream();
      for (let i = 0; i < drawn; i++) whole.word();
      const restored = RandomStream.restore(JSON.parse(JSON.stringify(whole.state())));
      const rest = (from: RandomStream) => [from.word(), from.uniform(), from.normal(), from.integer(7), from.word()];
      expect(rest(restored), `after ${drawn} words`).toEqual(rest(whole));
      expect(restored.state()).toEqual(whole.state());
    }
  });

  it("draws uniform numbers from [0, 1) with the right moments", () => {
    const draws = Array.from(
      { length: 20_000 },
      (
        (from) => () =>
          from.uniform()
      )(stream()),
    );
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    // Standard errors: 0.289/√n = 0.002 for the mean, 0.0745/√n = 0.0005 for the variance; four of each.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0082);
    expect(Math.abs(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length - 1 / 12)).toBeLessThan(0.0022);
    const counts = new Array<number>(100).fill(0);
    for (const draw of draws) counts[Math.floor(draw * 100)]!++;
    expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE_99);
    // Neighbours do not depend on each other: the correlation's standard error is 1/√n = 0.007.
    const products = draws.slice(1).reduce((sum, x, at) => sum + (x - 0.5) * (draws[at]! - 0.5), 0);
    expect(Math.abs((12 * products) / (draws.length - 1))).toBeLessThan(0.029);
  });

  it("uses all 53 bits", () => {
    const from = stream();
    const bits = Array.from({ length: 200 }, () => from.uniform() * 2 ** 53);
    expect(bits.every(Number.isInteger)).toBe(true);
    expect(new Set(bits.map((value) => value % 2))).toEqual(new Set([0, 1]));
  });

  it("draws normal numbers with the right moments", () => {
    const from = stream();
    const draws = Array.from({ length: 20_000 }, () => from.normal());
    const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length;
    // Standard errors √(Var xᵏ / n): 0.0071, 0.01, 0.0274, 0.0693; four of each.
    expect(Math.abs(moment(1))).toBeLessThan(0.029);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.04);
    expect(Math.abs(moment(3))).toBeLessThan(0.11);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.28);
    expect(draws.every(Number.isFinite)).toBe(true);
  });

  it("draws whole numbers without preference", () => {
    const from = stream();
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[from.integer(10)]!++;
    expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE_9);
    expect(from.integer(1)).toBe(0);
    expect(from.integer(2 ** 32)).toBeLessThan(2 ** 32);
  });

  it.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses the bound %s instead of looping",
    (bound) => {
      expect(() => stream().integer(bound)).toThrow(expect.objectContaining({ code: "BOUND_INVALID" }));
    },
  );
});
