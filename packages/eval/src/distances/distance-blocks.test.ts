import { Key, ndarray } from "@semblance/core";
import { expect, it } from "vitest";
import { forEachDistanceRow } from "./distance-blocks.js";
import { matrixRows } from "./matrix-rows.js";
import { DISTANCES, rowDistances } from "./row-distance.js";

// Row counts around the block of 16 and the four rows that are computed together.
it.each(DISTANCES.flatMap((distance) => [1, 2, 3, 5, 16, 17, 33].map((rows) => [distance, rows] as const)))(
  "%s of %i rows agrees with one pair at a time",
  (distance, rows) => {
    const queries = matrixRows("queries", ndarray("float64", [rows, 5], Key.fromSeed(rows).normal(rows * 5)));
    const gallery = matrixRows("gallery", ndarray("float64", [7, 5], Key.fromSeed(99).normal(35)));
    const visited: number[] = [];
    forEachDistanceRow(queries, gallery, distance, (query, distances) => {
      visited.push(query);
      distances.forEach((value, j) =>
        expect(value).toBe(rowDistances[distance](queries.values, query * 5, gallery.values, j * 5, 5)),
      );
    });
    expect(visited).toEqual(Array.from({ length: rows }, (_, row) => row));
  },
);
