import { type Dataset, Key, ndarray } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { choosePairs } from "./choose-pairs.js";
import { knownRelations } from "./known-relations.js";

const key = Key.fromSeed(1);
const rows = (count: number): Pick<Dataset, "name" | "features"> => ({
  name: "rows",
  features: ndarray("float32", [count, 1], new Float32Array(count)) as Dataset["features"],
});
const labelled = (indices: readonly number[], names = "abcdefgh".split("")): Dataset => ({
  ...rows(indices.length),
  labels: { indices: Int32Array.from(indices), names },
});
const chosen = (data: Dataset) => choosePairs(knownRelations(data)!, data.features.shape[0]!, key);
const pairsOf = ({ rows, same }: ReturnType<typeof chosen>) =>
  same.map((is, pair) => `${rows[2 * pair]} ${rows[2 * pair + 1]} ${is}`).sort();

describe("pairs to show", () => {
  it("are all ordered pairs of few rows with labels", () => {
    const found = chosen(labelled([0, 0, 3]));
    expect(pairsOf(found)).toEqual(["0 1 true", "0 2 false", "1 0 true", "1 2 false", "2 0 false", "2 1 false"]);
    expect(found.note).toContain("2 that belong together, 4 that do not");
  });

  it("are drawn of many rows, of each class as often as it has pairs, and never a row with itself", () => {
    // Pairs of class 0 are 300 · 299, of class 1 100 · 99: nine in ten are of class 0. Class 2 has no pair.
    const indices = Array.from({ length: 401 }, (_, row) => (row < 300 ? 0 : row < 400 ? 1 : 2));
    const found = chosen(labelled(indices));
    expect(found.same.filter((is) => is)).toHaveLength(5000);
    expect(found.same).toHaveLength(10_000);
    let ofFirst = 0;
    found.same.forEach((same, pair) => {
      const [a, b] = [found.rows[2 * pair]!, found.rows[2 * pair + 1]!];
      expect(a).not.toBe(b);
      expect(indices[a] === indices[b]).toBe(same);
      if (same && indices[a] === 0) ofFirst++;
    });
    expect(ofFirst / 5000).toBeCloseTo((300 * 299) / (300 * 299 + 100 * 99), 1);
    expect(pairsOf(chosen(labelled(indices)))).toEqual(pairsOf(found));
  });

  it("are of one kind where all rows are of one class, or none repeats", () => {
    expect(chosen(labelled(new Array(200).fill(1))).same.every((is) => is)).toBe(true);
    expect(
      chosen(
        labelled(
          Array.from({ length: 200 }, (_, row) => row),
          new Array(200).fill("x"),
        ),
      ).same,
    ).not.toContain(true);
  });

  it("are those that the data tell of, where they do, without a degree of 0", () => {
    const supervision = {
      form: "pairs",
      rows: Int32Array.of(0, 1, 1, 2, 2, 3),
      similarity: Float32Array.of(1, -0.5, 0),
    } as const;
    expect(pairsOf(chosen({ ...rows(4), supervision }))).toEqual(["0 1 true", "1 2 false"]);
    // Labels beside them judge what is found, not which pairs are shown.
    expect(pairsOf(chosen({ ...labelled([0, 0, 0, 0]), supervision }))).toEqual(["0 1 true", "1 2 false"]);
    const triplets = { form: "triplets", rows: Int32Array.of(0, 1, 2) } as const;
    expect(pairsOf(chosen({ ...rows(3), supervision: triplets }))).toEqual(["0 1 true", "0 2 false"]);
  });

  it("are of rows that share a class or do not, where rows have several", () => {
    const memberships = ndarray("float32", [3, 2], [1, 1, 0, 1, 1, 0]);
    const supervision = { form: "multi-labels", memberships, names: ["a", "b"] } as const;
    const found = pairsOf(chosen({ ...rows(3), supervision } as Dataset));
    expect(found).toEqual(["0 1 true", "0 2 true", "1 0 true", "1 2 false", "2 0 true", "2 1 false"]);
  });
});

describe("what is known of rows", () => {
  it("numbers the classes that are there, and asks for rows that have another of their class", () => {
    const known = knownRelations(labelled([5, 2, 5, 7]))!;
    expect(Array.from(known.classes!.of)).toEqual([1, 0, 1, 2]);
    expect(known.classes!.names).toEqual(["c", "f", "h"]);
    expect(Array.from(known.askable)).toEqual([0, 2]);
    expect([known.related(0, 2), known.related(0, 1)]).toEqual([true, false]);
  });

  it("says nothing of pairs that nobody named, nor of data of which nothing is known", () => {
    const supervision = {
      form: "pairs",
      rows: Int32Array.of(0, 1, 1, 2, 3, 4),
      similarity: Float32Array.of(1, -1, 1),
      // Assumed while training, which is not to be known.
      otherPairs: "different",
    } as const;
    const known = knownRelations({ ...rows(5), supervision })!;
    // Who differs from the same differs.
    expect([known.related(1, 0), known.related(2, 1), known.related(0, 2)]).toEqual([true, false, false]);
    expect(known.related(0, 3)).toBeUndefined();
    expect(Array.from(known.askable)).toEqual([0, 3]);
    expect(knownRelations(rows(3))).toBeUndefined();
  });
});
