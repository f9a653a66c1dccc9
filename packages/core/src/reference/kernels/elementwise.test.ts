import { describe, expect, it } from "vitest";
import { broadcastStrides, erf, forEachIndex, power, roundHalfEven } from "./elementwise.js";

describe("erf", () => {
  // CPython's math.erf, which is the C library's.
  it.each([
    [0, 0],
    [1e-300, 1.1283791670955126e-300],
    [1e-10, 1.1283791670955126e-10],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [1.5, 0.9661051464753108],
    [2, 0.9953222650189527],
    [2.4, 0.999311486103355],
    [2.5, 0.999593047982555],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
    [5, 0.9999999999984626],
    [6, 1],
  ])("of ±%s is ±%s to four roundings", (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThanOrEqual(9e-16 * expected);
    expect(erf(-x)).toBe(-erf(x));
  });

  it("keeps what is no number and ends at ±1", () => {
    expect([erf(Number.NaN), erf(Infinity), erf(-Infinity), erf(1e30)]).toEqual([Number.NaN, 1, -1, 1]);
  });

  it("has no step where the series gives way to the fraction", () => {
    // The slope there is 2/√π·e^(−6.25) = 0.0022: neighbours 1e−9 apart differ by 2e−12.
    expect(Math.abs(erf(2.5) - erf(2.5 - 1e-9))).toBeLessThan(3e-12);
  });
});

describe("roundHalfEven", () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [0.49999999999999994, 0],
    [2 ** 52 + 0.5, 2 ** 52],
    [-2.4, -2],
    [2.6, 3],
    [1e300, 1e300],
    [Infinity, Infinity],
  ])("of %s is %s", (x, expected) => {
    expect(roundHalfEven(x) + 0).toBe(expected);
  });
});

describe("power", () => {
  it("is IEEE 754's where JavaScript's is not", () => {
    expect([power(1, Infinity), power(1, Number.NaN), power(-1, Infinity), power(-1, -Infinity)]).toEqual([1, 1, 1, 1]);
    expect([power(-1, 3), power(2, -1), power(0, 0), power(-8, 1 / 3)]).toEqual([-1, 0.5, 1, Number.NaN]);
  });
});

describe("broadcast indices", () => {
  it("repeat along axes of extent 1 and leading axes", () => {
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
    const visited: (readonly number[])[] = [];
    forEachIndex([2, 2], [broadcastStrides([2], [2, 2]), broadcastStrides([2, 1], [2, 2])], (index, at) =>
      visited.push([index, ...at]),
    );
    expect(visited).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [2, 0, 1],
      [3, 1, 1],
    ]);
  });

  it("visit a scalar once and an empty array never", () => {
    let visits = 0;
    forEachIndex([], [[]], () => visits++);
    expect(visits).toBe(1);
    forEachIndex([2, 0], [[0, 0]], () => visits++);
    expect(visits).toBe(1);
  });
});
