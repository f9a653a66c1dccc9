import { describe, expect, it } from "vitest";
import { batchesOf, frequencies, sampling, withinFiveDeviations } from "../../test/support/draws.js";
import { errorOf } from "../../test/support/expect-error.js";
import { perClass } from "./per-class.js";

/** Class 0 has twenty rows, class 1 five, class 2 three, class 3 one. */
const LABELS = [...Array(20).fill(0), ...Array(5).fill(1), ...Array(3).fill(2), 3] as number[];

describe("per-class", () => {
  it("gives different classes and m rows of each, a class's rows together", () => {
    const sampler = sampling(perClass, { labels: LABELS, config: { classes: 3, samplesPerClass: 4 } });
    for (const batch of batchesOf(sampler, 50)) {
      expect(batch).toHaveLength(12);
      const classes = [0, 1, 2].map((at) => new Set(batch.slice(4 * at, 4 * at + 4).map((row) => LABELS[row])));
      expect(classes.every(({ size }) => size === 1)).toBe(true);
      expect(new Set(classes.map((own) => [...own][0])).size).toBe(3);
      for (const [at, own] of classes.entries()) {
        const rows = batch.slice(4 * at, 4 * at + 4);
        // A class with four rows gives four different ones.
        if ([0, 1].includes([...own][0]!)) expect(new Set(rows).size).toBe(4);
      }
    }
  });

  it("draws classes alike, whatever their sizes, and the rows of a class alike", () => {
    const sampler = sampling(perClass, { labels: LABELS, config: { classes: 2, samplesPerClass: 2 }, seed: 4 });
    const drawn = batchesOf(sampler, 4000).flat();
    const ofClass = frequencies(drawn.map((row) => LABELS[row]!));
    // Each batch holds a class with probability 2/4, and then twice.
    for (const count of ofClass.values()) expect(withinFiveDeviations(count / 2, 4000, 0.5)).toBe(true);
    const ofRow = frequencies(drawn.filter((row) => LABELS[row] === 1));
    const total = ofClass.get(1)!;
    expect(ofRow.size).toBe(5);
    for (const count of ofRow.values()) expect(withinFiveDeviations(count, total, 0.2)).toBe(true);
  });

  it("takes as many batches an epoch as hold the rows there are", () => {
    const sampler = sampling(perClass, { labels: LABELS, config: { classes: 2, samplesPerClass: 3 } });
    expect(sampler.batchesPerEpoch).toBe(Math.ceil(29 / 6));
  });

  it("takes all classes by default where there are few, and counts those that are too small", () => {
    const sampler = sampling(perClass, { labels: LABELS, config: {} });
    expect(sampler.next().indices).toHaveLength(16);
    expect(sampler.warnings).toEqual([
      "2 of 4 classes have fewer than 4 rows, so that a batch may hold a row more than once (samplesPerClass: 4); 1 of them have a single row, which can only pair with itself",
    ]);
    expect(sampling(perClass, { labels: LABELS, config: { samplesPerClass: 1 } }).warnings).toEqual([]);
  });

  it.each([
    ["more classes than there are", { labels: LABELS, config: { classes: 5 } }, "CLASSES_TOO_FEW", /at most 4/],
    ["one class", { labels: [2, 2, 2], config: {} }, "ONE_CLASS", /right column/],
    ["no labels", { config: {} }, "LABELS_MISSING", /data\.labels/],
    ["a misspelt key", { labels: LABELS, config: { class: 3 } as object }, "CONFIG_KEY_UNKNOWN", /classes/],
  ])("refuses %s", async (_, options, code, fix) => {
    const error = await errorOf(() => sampling(perClass, options));
    expect(error).toMatchObject({ code, fix: expect.stringMatching(fix) });
  });
});
