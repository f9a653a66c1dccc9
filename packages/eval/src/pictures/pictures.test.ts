import { isSemblanceError, type NdArray, ndarray } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { HUES } from "../report/palette.js";
import { decisionRegions } from "./decision-regions.js";
import { entropyMap } from "./entropy-map.js";
import type { PlanePicture } from "./plane-picture.js";

/** Sure of cluster 0 left of x = 0 and of cluster 1 right of it, and more unsure the nearer. */
const halves = async (rows: NdArray<"float32">) => {
  const p = Array.from({ length: rows.shape[0]! }, (_, row) => 1 / (1 + Math.exp(-4 * rows.data[2 * row]!)));
  return ndarray(
    "float64",
    [rows.shape[0]!, 2],
    p.flatMap((right) => [1 - right, right]),
  );
};
const picture: PlanePicture = {
  points: ndarray("float64", [4, 2], [-2, 0, -1, 1, 1, 0, 2, 1]),
  posteriors: halves,
  title: "Two <halves>",
  range: { x: [-4, 4], y: [-1, 2] },
  resolution: 16,
};

/** Pixels of the rectangles of a path: [left, right]. */
const extents = (svg: string, name: string) => {
  const d = new RegExp(`class="cell ${name}" d="([^"]*)"`).exec(svg)![1]!;
  const numbers = [...d.matchAll(/M([\d.]+) [\d.]+H([\d.]+)/g)];
  return {
    left: Math.min(...numbers.map(([, left]) => Number(left))),
    right: Math.max(...numbers.map(([, , right]) => Number(right))),
    count: numbers.length,
  };
};

describe("decisionRegions", () => {
  it("gives each half its colour, and meets in the middle", async () => {
    const svg = await decisionRegions(picture);
    const [first, second] = [extents(svg, "r0"), extents(svg, "r1")];
    expect(first.right).toBe(second.left);
    expect(first.right - first.left).toBeCloseTo(second.right - second.left, 6);
    // Neighbouring cells of a row are one rectangle.
    expect(first.count).toBe(16);
    expect(svg).toContain("The regions of 2 clusters: 0, 1.");
  });

  it("stands alone and escapes what it is given", async () => {
    const svg = await decisionRegions(picture);
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="640" height="600" viewBox="0 0 640 600"/,
    );
    expect(svg).toContain("Two &lt;halves&gt;");
    expect(svg.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|<script|var\(/);
  });

  it("colours points by the given groups, and else by the model", async () => {
    const own = await decisionRegions({ ...picture, labels: [5, 5, 6, 6] });
    expect(own).toContain('class="point h5"');
    // Each region in the colour of the group that lies there.
    expect(own).toContain(`.r0{fill:${HUES.light[5]}`);
    expect(own).toContain(`.r1{fill:${HUES.light[6]}`);
    const models = await decisionRegions(picture);
    for (const cluster of [0, 1]) expect(models).toContain(`class="point h${cluster}"`);
  });

  it("looks at the middle of the points, not at outliers, and says how many it left out", async () => {
    const spread = Array.from({ length: 400 }, (_, at) => (at === 0 ? 1e6 : (at % 20) / 10));
    const svg = await decisionRegions({
      points: ndarray("float64", [200, 2], spread),
      posteriors: halves,
      title: "outlier",
      resolution: 8,
    });
    expect(svg).toContain("1 of 200 points lie outside.");
  });
});

describe("entropyMap", () => {
  it("is dark around the border and light away from it", async () => {
    const svg = await entropyMap({ ...picture, resolution: 64 });
    const darkest = extents(svg, "e15");
    const middle = (62 + 616) / 2;
    expect(Math.abs((darkest.left + darkest.right) / 2 - middle)).toBeLessThan(1);
    expect(darkest.right - darkest.left).toBeLessThan(60);
    // H₂ at x = ±4 is 2·e^−16 of log 2: no step of 16.
    const shaded = [...svg.matchAll(/class="cell (e\d+)"/g)].map(([, name]) => extents(svg, name!));
    expect(Math.min(...shaded.map(({ left }) => left))).toBeGreaterThan(150);
    expect(svg).toMatch(/from 0 to log 2 = 0\.6931/);
  });
});

it.each<[string, Partial<PlanePicture>]>([
  ["RANK_MISMATCH", { points: ndarray("float64", [2, 3], [0, 0, 0, 0, 0, 0]) }],
  ["VALUE_NOT_FINITE", { points: ndarray("float64", [1, 2], [0, Number.NaN]) }],
  ["INPUT_EMPTY", { points: ndarray("float64", [0, 2], []) }],
  ["LENGTHS_DIFFER", { labels: [1] }],
  ["LABEL_NOT_INTEGER", { labels: [1, 2, 3, 0.5] }],
  ["SETTING_INVALID", { resolution: 1 }],
  ["SETTING_INVALID", { range: { x: [1, 1], y: [0, 1] } }],
])("%s", async (code, change) => {
  const error = await decisionRegions({ ...picture, ...change }).catch((thrown: unknown) => thrown);
  expect(isSemblanceError(error) && error.code).toBe(code);
});
