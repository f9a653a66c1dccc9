import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ndarray } from "../arrays/nd-array.js";
import { groupsOf } from "./groups.js";
import { relationsOf } from "./supervision.js";

const lists = (groups: readonly Int32Array[]) => groups.map((rows) => [...rows]);
const pairs = (...given: readonly (readonly [number, number, number])[]) => ({
  form: "pairs" as const,
  rows: Int32Array.from(given.flatMap((pair) => pair.slice(0, 2))),
  similarity: Float32Array.from(given, ([, , value]) => value),
});

describe("groups of rows that belong together", () => {
  it("are classes of two rows or more, and rows of the same several classes", () => {
    expect(lists(groupsOf({ labels: { indices: Int32Array.of(1, 0, 1, 2, 0), names: ["a", "b", "c"] } }))).toEqual([
      [0, 2],
      [1, 4],
    ]);
    const memberships = ndarray("float32", [4, 2], Float32Array.of(1, 0, 1, 1, 1, 0, 0, 1));
    expect(lists(groupsOf({ supervision: { form: "multi-labels", memberships, names: ["a", "b"] } }))).toEqual([
      [0, 2],
    ]);
    expect(groupsOf({})).toEqual([]);
  });

  it("are the chains of pairs that are the same, and not of those that are nearly so", () => {
    const supervision = pairs([7, 3, 1], [9, 4, 1], [3, 5, 1], [4, 8, 0.5], [1, 2, -1]);
    expect(lists(groupsOf({ supervision }))).toEqual([
      [3, 5, 7],
      [4, 9],
    ]);
  });

  it("are anchors of triplets with their positives", () => {
    const rows = Int32Array.of(0, 1, 2, 1, 4, 3);
    expect(lists(groupsOf({ supervision: { form: "triplets", rows } }))).toEqual([[0, 1, 4]]);
  });

  it("are those that classes of the same rows give, where pairs say all that classes say", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 }),
        fc.nat(),
        (names, seed) => {
          const same = names.flatMap((name, row) =>
            names.flatMap((other, at) => (at > row && other === name ? [[row, at, 1] as const] : [])),
          );
          const turned = same.map((_, at) => same[(at + seed) % same.length]!);
          const labels = { indices: Int32Array.from(names), names: ["0", "1", "2", "3"] };
          expect(new Set(lists(groupsOf({ supervision: pairs(...turned) })).map(String))).toEqual(
            new Set(lists(groupsOf({ labels })).map(String)),
          );
        },
      ),
    );
  });
});

describe("what follows of pairs", () => {
  const supervision = pairs([0, 1, 1], [1, 2, 1], [2, 3, -1], [3, 4, 1], [5, 0, 0.5]);
  const between = (given: Parameters<typeof relationsOf>[0]) => {
    const rows = Int32Array.of(0, 1, 2, 3, 4, 5, 0);
    const relations = relationsOf(given)(rows);
    return (a: number, b: number) => relations[a * rows.length + b];
  };

  it("is the same by a chain, and different from all that is the same as what differs", () => {
    const relation = between(supervision);
    expect(relation(0, 2)).toBe(1);
    for (const own of [0, 1, 2])
      for (const other of [3, 4]) expect([relation(own, other), relation(other, own)]).toEqual([-1, -1]);
    expect([relation(5, 0), relation(5, 1), relation(5, 3)]).toEqual([0.5, 0, 0]);
  });

  it("is that all others differ, where that is assumed, but for a row and itself", () => {
    const relation = between({ ...supervision, otherPairs: "different" });
    expect([relation(5, 0), relation(5, 1), relation(5, 3), relation(0, 2)]).toEqual([0.5, -1, -1, 1]);
    expect([relation(0, 6), relation(3, 3)]).toEqual([0, 0]);
  });
});
