import { ndarray, type Supervision } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { batchesOf, frequencies, sampling, withinFiveDeviations } from "../../test/support/draws.js";
import { errorOf } from "../../test/support/expect-error.js";
import { pairs } from "./pairs.js";

const LABELS = [0, 1, 0, 1, 2, 0];
const given = (rows: number[], similarity: number[]): Supervision => ({
  form: "pairs",
  rows: Int32Array.from(rows),
  similarity: Float32Array.from(similarity),
});
const asPairs = (batch: readonly number[]) =>
  Array.from({ length: batch.length / 2 }, (_, at) => [batch[2 * at]!, batch[2 * at + 1]!] as const);

describe("pairs", () => {
  it("gives each pair of the data once an epoch, in another order every time", () => {
    const supervision = given([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, -1, 1, -1, 0.5]);
    const sampler = sampling(pairs, { supervision, config: { pairs: 2 } });
    expect(sampler.batchesPerEpoch).toBe(3);
    const epochs = [0, 1].map(() => batchesOf(sampler, 3));
    for (const batches of epochs) {
      expect(batches.map(({ length }) => length)).toEqual([4, 4, 2]);
      expect(batches.flatMap(asPairs).sort(([a], [b]) => a - b)).toEqual(asPairs([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    }
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(sampler.warnings).toEqual([]);
  });

  it("says where all pairs are of one kind", () => {
    const one = (similarity: number[]) =>
      sampling(pairs, { supervision: given([0, 1, 2, 3], similarity), config: {} }).warnings;
    expect(one([1, 0.2])).toEqual([expect.stringContaining("all pairs are similar")]);
    expect(one([-1, -1])).toEqual([expect.stringContaining("all pairs are of different rows")]);
  });

  it("draws similar pairs and then different ones from labels, each alike", () => {
    const sampler = sampling(pairs, { labels: LABELS, config: { pairs: 4, similar: 0.5 }, seed: 2 });
    expect(sampler.batchesPerEpoch).toBe(1);
    const drawn = batchesOf(sampler, 3000).map(asPairs);
    const similar = drawn.flatMap((batch) => batch.slice(0, 2));
    const different = drawn.flatMap((batch) => batch.slice(2));
    expect(similar.every(([a, b]) => a !== b && LABELS[a] === LABELS[b])).toBe(true);
    expect(different.every(([a, b]) => LABELS[a] !== LABELS[b])).toBe(true);
    // Row 4 is alone in its class; the other five are first alike, and row 0 has two partners.
    for (const count of frequencies(similar.map(([a]) => a)).values()) {
      expect(withinFiveDeviations(count, 6000, 1 / 5)).toBe(true);
    }
    const partners = frequencies(similar.filter(([a]) => a === 0).map(([, b]) => b));
    expect([...partners.keys()]).toEqual([2, 5]);
    const total = [...partners.values()].reduce((sum, count) => sum + count);
    for (const count of partners.values()) expect(withinFiveDeviations(count, total, 0.5)).toBe(true);
    const strangers = frequencies(different.filter(([a]) => a === 1).map(([, b]) => b));
    expect([...strangers.keys()]).toEqual([0, 2, 4, 5]);
    const others = [...strangers.values()].reduce((sum, count) => sum + count);
    for (const count of strangers.values()) expect(withinFiveDeviations(count, others, 0.25)).toBe(true);
  });

  it("draws from several labels: rows that share one are similar", () => {
    const memberships = ndarray("float32", [4, 3], [1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1]);
    const supervision: Supervision = { form: "multi-labels", memberships, names: ["a", "b", "c"] };
    const sampler = sampling(pairs, { supervision, rows: 4, config: { pairs: 2 } });
    const [similar, different] = [0, 1].map((at) => batchesOf(sampler, 200).map((batch) => asPairs(batch)[at]!));
    const kinds = (drawn: readonly (readonly [number, number])[]) =>
      [...new Set(drawn.map(([a, b]) => `${Math.min(a, b)}${Math.max(a, b)}`))].sort();
    expect(kinds(similar!)).toEqual(["01", "12"]);
    expect(kinds(different!)).toEqual(["02", "03", "13", "23"]);
  });

  it.each([
    ["neither labels nor supervision", { config: {} }, "LABELS_MISSING"],
    ["one class", { labels: [3, 3, 3], config: {} }, "ONE_CLASS"],
    ["no class with two rows", { labels: [0, 1, 2], config: {} }, "NO_PAIRS"],
    ["no pairs", { supervision: given([], []), config: {} }, "NO_PAIRS"],
  ])("refuses %s", async (_, options, code) => {
    expect(await errorOf(() => sampling(pairs, options))).toMatchObject({ code, fix: expect.any(String) });
  });

  it("needs no similar rows where none are asked for", () => {
    const sampler = sampling(pairs, { labels: [0, 1, 2], config: { pairs: 3, similar: 0 } });
    expect(asPairs([...sampler.next().indices]).every(([a, b]) => a !== b)).toBe(true);
  });
});
