import fc from "fast-check";
import { expect, it } from "vitest";
import { nearest } from "./nearest.js";

it("is the start of a full sort by distance, then index, without the excluded entry", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 }),
      fc.integer({ min: 0, max: 45 }),
      fc.integer({ min: -1, max: 39 }),
      (distances, count, excluded) => {
        const order = distances.map((_, index) => index).filter((index) => index !== excluded);
        order.sort((a, b) => distances[a]! - distances[b]! || a - b);
        expect([...nearest(Float64Array.from(distances), count, excluded)]).toEqual(order.slice(0, count));
      },
    ),
    { seed: 41, numRuns: 500 },
  );
});
