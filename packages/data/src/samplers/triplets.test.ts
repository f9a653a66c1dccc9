import type { Supervision } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { batchesOf, frequencies, sampling, withinFiveDeviations } from "../../test/support/draws.js";
import { errorOf } from "../../test/support/expect-error.js";
import { triplets } from "./triplets.js";

const LABELS = [0, 1, 0, 1, 2, 0];
const asTriplets = (batch: readonly number[]) =>
  Array.from({ length: batch.length / 3 }, (_, at) => batch.slice(3 * at, 3 * at + 3) as [number, number, number]);

describe("triplets", () => {
  it("gives each triplet of the data once an epoch", () => {
    const supervision: Supervision = { form: "triplets", rows: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8) };
    const sampler = sampling(triplets, { supervision, config: { triplets: 2 } });
    expect(sampler.batchesPerEpoch).toBe(2);
    const epoch = batchesOf(sampler, 2);
    expect(epoch.map(({ length }) => length)).toEqual([6, 3]);
    expect(
      epoch
        .flatMap(asTriplets)
        .map(([anchor]) => anchor)
        .sort(),
    ).toEqual([0, 3, 6]);
  });

  it("draws them from labels, each anchor alike", () => {
    const sampler = sampling(triplets, { labels: LABELS, config: { triplets: 5 }, seed: 1 });
    const drawn = batchesOf(sampler, 1000).flatMap(asTriplets);
    expect(drawn.every(([a, p, n]) => a !== p && LABELS[a] === LABELS[p] && LABELS[a] !== LABELS[n])).toBe(true);
    const anchors = frequencies(drawn.map(([anchor]) => anchor));
    expect([...anchors.keys()]).toEqual([0, 1, 2, 3, 5]);
    for (const count of anchors.values()) expect(withinFiveDeviations(count, 5000, 0.2)).toBe(true);
  });

  it("draws them from pairs, of rows that have both a similar and a different one", () => {
    const supervision: Supervision = {
      form: "pairs",
      rows: Int32Array.of(0, 1, 0, 2, 3, 4, 4, 5),
      similarity: Float32Array.of(1, -1, 1, 0),
    };
    const sampler = sampling(triplets, { supervision, rows: 6, config: { triplets: 4 } });
    for (const batch of batchesOf(sampler, 5)) {
      for (const triplet of asTriplets(batch)) expect(triplet).toEqual([0, 1, 2]);
    }
  });

  it.each([
    ["neither labels nor supervision", { config: {} }, "LABELS_MISSING"],
    ["one class", { labels: [3, 3], config: {} }, "ONE_CLASS"],
    ["no class with two rows", { labels: [0, 1, 2], config: {} }, "NO_PAIRS"],
    [
      "pairs that share no row",
      {
        supervision: { form: "pairs", rows: Int32Array.of(0, 1, 2, 3), similarity: Float32Array.of(1, -1) } as const,
        config: {},
      },
      "NO_PAIRS",
    ],
  ])("refuses %s", async (_, options, code) => {
    expect(await errorOf(() => sampling(triplets, options))).toMatchObject({ code, fix: expect.any(String) });
  });
});
