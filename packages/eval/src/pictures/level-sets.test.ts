import { isSemblanceError, type NdArray, ndarray } from "@semblance/core";
import { expect, it } from "vitest";
import { evaluateLevelSets, type LevelSetsOptions, levelSets } from "./level-sets.js";

const of = (value: (x: number, y: number) => number) => async (rows: NdArray<"float32">) =>
  ndarray(
    "float64",
    [rows.shape[0]!],
    Float64Array.from({ length: rows.shape[0]! }, (_, row) => value(rows.data[2 * row]!, rows.data[2 * row + 1]!)),
  );

const base: LevelSetsOptions = { x: [-2, 2], y: [-2, 2], evaluate: of((x, y) => x * x + y * y), resolution: 40 };
/** All ends of segments of a level line, in units of the picture. */
const ends = (svg: string, level: number) => {
  const d = new RegExp(`class="level v${level}" d="([^"]*)"`).exec(svg)![1]!;
  return [...d.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
};

it("draws circles around the least of a square", async () => {
  const svg = levelSets(await evaluateLevelSets(base), "Squares");
  const centre = [(62 + 496) / 2, (26 + 434) / 2] as const;
  const perUnit = [(496 - 62) / 4, (434 - 26) / 4] as const;
  for (const level of [0, 3]) {
    // Levels are elevenths of 8, the value at the corners.
    const radius = Math.sqrt((8 * (level + 1)) / 11);
    for (const [x, y] of ends(svg, level)) {
      const from = Math.hypot((x - centre[0]) / perUnit[0], (y - centre[1]) / perUnit[1]);
      expect(Math.abs(from - radius)).toBeLessThan(0.01);
    }
    expect(ends(svg, level).length).toBeGreaterThan(80);
  }
});

it("stands alone, and shows points by class and where a divergence is measured from", async () => {
  const points = ndarray("float64", [3, 2], [0, 0, 1, 1, 50, 0]);
  const sets = await evaluateLevelSets({ ...base, points, classes: [0, 4, 4], anchor: [1, -1] });
  const svg = levelSets(sets, "<φ>");
  expect(svg).toContain("&lt;φ&gt;");
  expect(svg.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|<script|var\(|NaN/);
  expect(svg).toContain('class="point h4"');
  expect(svg).toContain('class="anchor"');
  // The point outside is left out: one mark of class 4.
  expect(/class="point h4" d="([^"]*)"/.exec(svg)![1]!.match(/M/g)).toHaveLength(1);
});

it("says so where a function is constant", async () => {
  const svg = levelSets(await evaluateLevelSets({ ...base, evaluate: of(() => 3) }), "flat");
  expect(svg).toContain("has the value 3 everywhere");
  expect(svg).not.toContain('class="level');
});

it.each<[string, Partial<LevelSetsOptions>]>([
  ["SETTING_INVALID", { resolution: 1 }],
  ["SETTING_INVALID", { x: [1, 1] }],
  ["RANK_MISMATCH", { points: ndarray("float64", [2, 1], [1, 2]) }],
  ["LENGTHS_DIFFER", { points: ndarray("float64", [1, 2], [1, 2]), classes: [1, 2] }],
  ["LABEL_NOT_INTEGER", { points: ndarray("float64", [1, 2], [1, 2]), classes: [0.5] }],
  ["LENGTHS_DIFFER", { evaluate: async () => ndarray("float64", [1], [1]) }],
  ["VALUE_NOT_FINITE", { evaluate: of(() => Number.NaN) }],
])("%s", async (code, change) => {
  const error = await evaluateLevelSets({ ...base, ...change }).catch((thrown) => thrown);
  expect(isSemblanceError(error) && error.code, String(error)).toBe(code);
});
