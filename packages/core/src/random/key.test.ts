import { describe, expect, it } from "vitest";
import { Key } from "./key.js";

const text = ({ high, low }: Key) => `${high}:${low}`;

describe("Key", () => {
  const key = Key.fromSeed(7);

  it("gives the same numbers for the same seed, on every machine", () => {
    expect(Array.from(Key.fromSeed(7).uniform(3))).toEqual(Array.from(key.uniform(3)));
    expect(Array.from(Key.fromSeed(0).uniform(2))).toMatchInlineSnapshot(`
      [
        0.26635962778369415,
        0.46355984787715754,
      ]
    `);
    expect(text(Key.fromSeed(0).fold("weights").fold(3))).toMatchInlineSnapshot(`"1470798338:2718996394"`);
    expect(Array.from(Key.fromSeed(0).permutation(8))).toMatchInlineSnapshot(`
      [
        7,
        4,
        5,
        6,
        2,
        3,
        0,
        1,
      ]
    `);
  });

  it("tells all seeds apart, also above 2^32", () => {
    const seeds = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 53 - 1];
    expect(new Set(seeds.map((seed) => text(Key.fromSeed(seed)))).size).toBe(seeds.length);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])("refuses the seed %s", (seed) => {
    expect(() => Key.fromSeed(seed)).toThrow(expect.objectContaining({ code: "SEED_INVALID" }));
    expect(() => key.fold(seed)).toThrow(expect.objectContaining({ code: "SEED_INVALID" }));
  });

  it("makes keys that differ by splitting and folding, from each other and from their origin", () => {
    const keys = [
      key,
      ...key.split(600),
      ...Array.from({ length: 600 }, (_, index) => key.fold(index)),
      ...["", "a", "b", "ab", "ba", "0", "1", "𝒳"].map((name) => key.fold(name)),
      key.fold("a").fold("b"),
      key.fold("b").fold("a"),
      key.fold(2 ** 32),
      key.fold(2 ** 32).fold(0),
      key.fold(0).fold(0),
    ];
    expect(new Set(keys.map(text)).size).toBe(keys.length);
    const firsts = keys.map((each) => each.stream().word());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it("does not change when it is used, and does not depend on the order of use", () => {
    const before = text(key);
    const [first, second] = key.split(2);
    key.uniform(10);
    key.permutation(5);
    expect(text(key)).toBe(before);
    expect(key.split(5).slice(0, 2).map(text)).toEqual([first!, second!].map(text));
  });

  it("draws streams of split keys independently", () => {
    const [a, b] = key.split(2).map((each) => each.normal(10_000));
    const correlation = a!.reduce((sum, x, index) => sum + x * b![index]!, 0) / a!.length;
    // Its standard error is 1/√n = 0.01.
    expect(Math.abs(correlation)).toBeLessThan(0.04);
  });

  it("draws uniform numbers from the interval asked for", () => {
    const draws = key.uniform(1000, -3, 5);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...draws)).toBeLessThan(5);
    expect(Math.min(...draws)).toBeLessThan(-2.9);
    expect(Math.max(...draws)).toBeGreaterThan(4.9);
  });

  it.each([0, 1, 2, 17, 100])("permutes 0 … %s − 1", (length) => {
    expect(Array.from(key.permutation(length)).sort((a, b) => a - b)).toEqual(
      Array.from({ length }, (_, index) => index),
    );
  });

  it("draws all permutations alike", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = key.fold(i).permutation(3).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const statistic = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // The upper 0.1 % point of χ² with 5 degrees of freedom.
    expect(statistic).toBeLessThan(20.5);
  });
});
