import { createCatalogue, Key, type MiningBatch } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { divergencesPlugin } from "../../test/divergences.js";
import { metricPlugin } from "../metric-plugin.js";
import { foldTriplets } from "./fold-triplets.js";

const catalogue = createCatalogue([metricPlugin, divergencesPlugin]);
/** Two classes have more than a few partners of each kind. */
const ROWS = 40;

function batchOf(classes: number): MiningBatch {
  const divergences = Key.fromSeed(21)
    .fold(classes)
    .uniform(ROWS * ROWS, 0, 1.5);
  return { rows: ROWS, width: 3, labels: Array.from({ length: ROWS }, (_, row) => row % classes), divergences };
}

describe("triplets that are chosen by their gaps", () => {
  const types = ["all", "hard", "semi-hard", "easy"];
  const reductions = ["mean-valid", "mean-nonzero", "sum", "per-anchor"] as const;
  it.each(types.flatMap((type) => reductions.map((reduction) => [type, reduction] as const)))(
    "%s, %s: are folded as if each were visited",
    (type, reduction) => {
      const { entry, config } = catalogue.choose("miner", { name: "margin-filtered", type, margin: 0.3 });
      const terms = { margin: 0.5, softMargin: false, swap: false, reduction };
      for (const classes of [1, 2, 7, 39, 40]) {
        const batch = batchOf(classes);
        const visiting = {
          tuples: "triplets",
          choose: (of: MiningBatch, keep: (a: number, p: number, n?: number) => void) =>
            entry.triplets!(of, config, keep),
        } as const;
        const expected = foldTriplets(batch.divergences, batch, visiting, terms);
        const folded = foldTriplets(batch.divergences, batch, { ...visiting, gaps: entry.gaps!(config) }, terms);
        expect(folded.count).toBe(expected.count);
        expect(folded.value / (expected.value || 1)).toBeCloseTo(expected.value && 1, 12);
        folded.coefficients.forEach((slope, at) => expect(slope).toBeCloseTo(expected.coefficients[at]!, 12));
      }
    },
  );

  it("are each visited where the terms are of other divergences than the choice", () => {
    const { entry, config } = catalogue.choose("miner", { name: "margin-filtered", type: "semi-hard", margin: 0.3 });
    const batch = batchOf(4);
    const squared = Float64Array.from(batch.divergences, (d) => d * d);
    const visiting = {
      tuples: "triplets",
      choose: (of: MiningBatch, keep: (a: number, p: number, n?: number) => void) => entry.triplets!(of, config, keep),
    } as const;
    const terms = { margin: 0.5, softMargin: false, swap: false, reduction: "sum" } as const;
    const expected = foldTriplets(squared, batch, visiting, terms);
    expect(foldTriplets(squared, batch, { ...visiting, gaps: entry.gaps!(config) }, terms)).toEqual(expected);
  });

  it.each([
    ["are soft", { softMargin: true }, undefined],
    ["are swapped", { swap: true }, undefined],
    ["are weighted by degrees", {}, 0.5],
  ])("are each visited where the terms %s", (_, asked, degree) => {
    const { entry, config } = catalogue.choose("miner", { name: "margin-filtered", type: "all", margin: 0.3 });
    const { labels, ...rest } = batchOf(4);
    const known = Float64Array.from({ length: ROWS * ROWS }, (_, at) => {
      const [row, other] = [Math.floor(at / ROWS), at % ROWS];
      return row === other ? 0 : labels[row] === labels[other] ? (degree ?? 1) : -1;
    });
    const batch: MiningBatch = { ...rest, labels, ...(degree === undefined ? {} : { relations: known }) };
    const visiting = {
      tuples: "triplets",
      choose: (of: MiningBatch, keep: (a: number, p: number, n?: number) => void) => entry.triplets!(of, config, keep),
    } as const;
    const terms = { margin: 0.5, softMargin: false, swap: false, reduction: "sum", ...asked } as const;
    const expected = foldTriplets(batch.divergences, batch, visiting, terms);
    expect(expected.value).toBeGreaterThan(0);
    expect(foldTriplets(batch.divergences, batch, { ...visiting, gaps: entry.gaps!(config) }, terms)).toEqual(expected);
  });
});
