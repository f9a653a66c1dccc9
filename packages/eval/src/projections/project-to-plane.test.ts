import { isSemblanceError, Key, ndarray } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { PLANE_METHODS, projectToPlane } from "./project-to-plane.js";

const ROWS = 60;
const noise = Key.fromSeed(1).normal(ROWS * 8);
/** Three groups far apart in eight dimensions. */
const groups = ndarray(
  "float64",
  [ROWS, 8],
  noise.map((value, at) => value + (at % 8 === Math.floor(at / 8) % 3 ? 12 : 0)),
);

describe.each(PLANE_METHODS)("%s", (method) => {
  it("keeps groups together, and gives the same picture each time", async () => {
    const { x, y, rows } = await projectToPlane(groups, method);
    expect([...rows]).toEqual(Array.from({ length: ROWS }, (_, row) => row));
    const apart = (a: number, b: number) => Math.hypot(x[a]! - x[b]!, y[a]! - y[b]!);
    for (let row = 0; row < ROWS; row++) {
      const others = Array.from(rows).filter((other) => other !== row);
      const nearest = others.reduce((best, other) => (apart(row, other) < apart(row, best) ? other : best));
      expect(nearest % 3).toBe(row % 3);
    }
    const again = await projectToPlane(groups, method);
    expect(again.x).toEqual(x);
    expect(again.y).toEqual(y);
  });

  it("draws as many rows as asked for, the same ones of another table of as many rows", async () => {
    const few = await projectToPlane(groups, method, { most: 20 });
    expect(few.x).toHaveLength(20);
    const other = ndarray("float64", [ROWS, 2], Key.fromSeed(5).normal(2 * ROWS));
    expect((await projectToPlane(other, method, { most: 20 })).rows).toEqual(few.rows);
  });

  it("draws rows that coincide", async () => {
    const { x, y } = await projectToPlane(ndarray("float64", [6, 1], [1, 1, 1, 1, 1, 1]), method);
    expect([...x, ...y].every(Number.isFinite)).toBe(true);
  });
});

it.each(["t-sne", "umap"] as const)("%s refuses rows too few to have neighbours", async (method) => {
  const error = await projectToPlane(ndarray("float64", [3, 2], [1, 2, 3, 4, 5, 6]), method).catch((thrown) => thrown);
  expect(isSemblanceError(error) && error.code).toBe("TOO_FEW_ROWS");
});
