import { describe, expect, it } from "vitest";
import { type MonitorSums, watchEmbeddings } from "./watch-embeddings.js";

const codes = (told: Partial<MonitorSums>) =>
  watchEmbeddings({ sums: {}, count: 4, empty: 0, ...told }).map(({ code }) => code);
/** Means of an epoch of four steps. */
const means = (of: Readonly<Record<string, readonly number[]>>) =>
  Object.fromEntries(Object.entries(of).map(([name, values]) => [name, values.map((value) => 4 * value)]));

describe("the watch over embeddings", () => {
  it("says nothing of an epoch in which negatives are further than positives", () => {
    const sums = means({ tuples: [30], positive: [0.2], negative: [1.1], margin: [0.2] });
    expect(codes({ sums })).toEqual([]);
    expect(codes({ count: 0 })).toEqual([]);
  });

  it("names a loss that sits at its margin, and the cure", () => {
    const sums = means({ positive: [0.0005], negative: [0.0006], margin: [0.2] });
    const [warning] = watchEmbeddings({ sums, count: 4, empty: 0 });
    expect(warning).toMatchObject({ code: "EMBEDDINGS_COLLAPSED" });
    expect(warning!.message).toContain("margin of 0.2");
    expect(warning!.message).toContain("learning rate");
    // Close by the same amount, but not at one point: this is no collapse.
    expect(codes({ sums: means({ positive: [0.8], negative: [0.8], margin: [0.2] }) })).toEqual([]);
    // Where nothing was compared, the means say nothing.
    expect(codes({ sums: means({ positive: [0], negative: [0], margin: [0.2] }), empty: 4 })).toEqual([
      "NOTHING_TO_COMPARE",
    ]);
  });

  it("names a loss of choosing among rows that sits where chance would have it", () => {
    const told = { positive: [-0.0005], negative: [-0.0006], term: [3.465], chance: [Math.log(32)] };
    const [warning] = watchEmbeddings({ sums: means(told), count: 4, empty: 0 });
    expect(warning).toMatchObject({ code: "EMBEDDINGS_COLLAPSED" });
    expect(warning!.message).toContain("the loss sits at 3.47");
    expect(warning!.message).toContain("learning rate");
    // Equally far on average, but not each of them.
    expect(codes({ sums: means({ ...told, term: [5.1] }) })).toEqual([]);
    expect(codes({ sums: means({ ...told, negative: [0.3] }) })).toEqual([]);
    // An anchor with no other row to choose has no chance to miss.
    expect(codes({ sums: means({ ...told, term: [0], chance: [0] }) })).toEqual([]);
    expect(codes({ sums: means(told), empty: 4 })).toEqual(["NOTHING_TO_COMPARE"]);
  });

  it("counts batches with nothing to compare", () => {
    const [warning] = watchEmbeddings({ sums: {}, count: 4, empty: 3 });
    expect(warning).toMatchObject({ code: "NOTHING_TO_COMPARE", message: expect.stringContaining("3 of 4 batches") });
  });

  it("counts the outputs in use against the classes to tell apart", () => {
    const sums = means({ active: [0.6, 0.4, 0, 0] });
    expect(codes({ sums })).toEqual(["INACTIVE_OUTPUTS"]);
    expect(codes({ sums, classes: 2 })).toEqual([]);
    expect(codes({ sums, classes: 3 })).toEqual(["INACTIVE_OUTPUTS"]);
    expect(codes({ sums: means({ active: [0.3, 0.3, 0.2, 0.2] }) })).toEqual([]);
  });

  it("tells of draws without a candidate within the miner's limits", () => {
    expect(codes({ sums: means({ fallback: [1.5] }) })).toEqual(["DRAWN_FROM_ALL"]);
    expect(codes({ sums: means({ fallback: [0] }) })).toEqual([]);
  });
});
