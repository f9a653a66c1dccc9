import { ndarray } from "@semblance/core";
import { expect, it } from "vitest";
import { silhouetteSamples, silhouetteScore } from "./silhouette.js";

const points = [0, 0, 1, 0, 0, 1, 1, 1, 5, 5, 5, 6, 6, 5, 0, 5, 1, 5, 0, 6];
const embeddings = ndarray("float64", [10, 2], points);
const labels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];

it("has the specification's check value", () => {
  expect(silhouetteScore(embeddings, labels)).toBeCloseTo(0.765989843392, 11);
});

it("gives 0 to a row alone in its cluster, and to rows that coincide", () => {
  expect(silhouetteSamples(embeddings, [0, 0, 0, 0, 1, 1, 1, 1, 1, 7])[9]).toBe(0);
  expect(silhouetteScore(ndarray("float64", [4, 1], [3, 3, 3, 3]), [0, 0, 1, 1])).toBe(0);
});

it("does not depend on the origin and the unit", () => {
  const moved = ndarray(
    "float64",
    [10, 2],
    points.map((value) => 1e3 * value - 4e3),
  );
  expect(silhouetteScore(moved, labels)).toBeCloseTo(silhouetteScore(embeddings, labels), 12);
});

it.each([
  ["one cluster", labels.map(() => 4)],
  ["a cluster for every row", labels.map((_, row) => row)],
])("is not defined for %s", (_, clusters) => {
  expect(() => silhouetteScore(embeddings, clusters)).toThrow(
    expect.objectContaining({ code: "SILHOUETTE_UNDEFINED" }),
  );
});
