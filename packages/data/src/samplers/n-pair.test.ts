import { describe, expect, it } from "vitest";
import { batchesOf, frequencies, sampling, withinFiveDeviations } from "../../test/support/draws.js";
import { errorOf } from "../../test/support/expect-error.js";
import { nPair } from "./n-pair.js";

const LABELS = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 4];

describe("n-pair", () => {
  it("gives anchors of different classes, then another row of each in the same order", () => {
    const sampler = sampling(nPair, { labels: LABELS, config: { classes: 3 } });
    for (const batch of batchesOf(sampler, 50)) {
      const classes = batch.map((row) => LABELS[row]);
      expect(new Set(classes.slice(0, 3)).size).toBe(3);
      expect(classes.slice(3)).toEqual(classes.slice(0, 3));
      expect(new Set(batch).size).toBe(6);
    }
  });

  it("draws classes alike, and ordered pairs of a class alike", () => {
    const sampler = sampling(nPair, { labels: LABELS, config: { classes: 2 }, seed: 9 });
    const pairs = batchesOf(sampler, 4000).flatMap(([a, b, p, q]) => [
      [a!, p!],
      [b!, q!],
    ]);
    const ofClass = frequencies(pairs.map(([anchor]) => LABELS[anchor!]!));
    expect([...ofClass.keys()]).toEqual([0, 1, 2, 4]);
    for (const count of ofClass.values()) expect(withinFiveDeviations(count, 4000, 0.5)).toBe(true);
    const ordered = frequencies(pairs.filter(([a]) => LABELS[a!] === 0).map(([a, p]) => 3 * a! + p!));
    expect(ordered.size).toBe(6);
    for (const count of ordered.values()) expect(withinFiveDeviations(count, ofClass.get(0)!, 1 / 6)).toBe(true);
  });

  it("leaves out classes of a single row, and says how many", () => {
    const sampler = sampling(nPair, { labels: LABELS, config: {} });
    expect(sampler.next().indices).toHaveLength(8);
    expect(sampler.batchesPerEpoch).toBe(2);
    expect(sampler.warnings).toEqual(['1 of 5 classes have a single row, of which sampler "n-pair" makes no pair']);
  });

  it.each([
    ["classes of a single row alone", { labels: [0, 1, 2], config: {} }, "NO_PAIRS"],
    ["more classes than have two rows", { labels: LABELS, config: { classes: 5 } }, "CLASSES_TOO_FEW"],
    ["one class", { labels: [1, 1], config: {} }, "ONE_CLASS"],
    ["no labels", { config: {} }, "LABELS_MISSING"],
  ])("refuses %s", async (_, options, code) => {
    expect(await errorOf(() => sampling(nPair, options))).toMatchObject({ code, fix: expect.any(String) });
  });
});
