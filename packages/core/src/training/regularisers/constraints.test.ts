import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneStep, regularised, rowsIn } from "../../../test/regularised-run.js";
import { tinyData } from "../../../test/tiny-learner.js";
import { Predictor, referenceBackend } from "../../index.js";

type Pairs = readonly (readonly [string | number, string | number])[];
const constrained = (mustLink: Pairs, cannotLink: Pairs = [], more: object = {}, data = tinyData()) =>
  regularised([{ name: "constraints", mustLink, cannotLink, ...more }], { data });
const named = (ids: readonly string[] = Array.from({ length: 50 }, (_, row) => `s${row}`)) => ({ ...tinyData(), ids });

/** The term in loops: each pair once, where both rows are in the batch. */
function plain(p: number[][], indices: readonly number[], must: Pairs, cannot: Pairs, factor: number): number {
  const term = (pairs: Pairs) => {
    const unique = new Set(pairs.map(([a, b]) => [Number(a), Number(b)].sort((x, y) => x - y).join()));
    return [...unique].reduce((sum, pair) => {
      const [i, j] = pair.split(",").map((row) => indices.indexOf(Number(row)));
      if (i! < 0 || j! < 0) return sum;
      return sum + p[i!]!.reduce((square, value, k) => square + (value - p[j!]![k]!) ** 2, 0);
    }, 0);
  };
  return (factor / 2) * (term(must) - term(cannot));
}

const pairsOf = (rows: readonly number[]) =>
  fc.array(
    fc.tuple(fc.constantFrom(...rows), fc.constantFrom(...rows)).filter(([a, b]) => a !== b),
    { maxLength: 6 },
  );

describe("constraints", () => {
  it("are the specification's sum over the pairs in the batch", async () => {
    await fc.assert(
      fc.asyncProperty(
        // Must-links join even rows and cannot-links join an even row with an odd one, so that none contradict.
        pairsOf([0, 2, 4, 6, 8]),
        fc.array(fc.tuple(fc.constantFrom(0, 2, 4, 6), fc.constantFrom(1, 3, 5)), { maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 2, maxLength: 8 }),
        async (must, cannot, indices) => {
          const learner = constrained(must, cannot, { factor: 0.7 });
          const { results, before } = await oneStep(learner, { indices });
          const predictor = new Predictor(referenceBackend(), learner);
          await predictor.use(before);
          const { posteriors } = await predictor.predict(tinyData().features);
          await predictor.dispose();
          const p = indices.map((row) => rowsIn(posteriors!)[row]!);
          expect(results["term/constraints"]!.data[0]).toBeCloseTo(plain(p, indices, must, cannot, 0.7), 12);
        },
      ),
      { seed: 5, numRuns: 25 },
    );
  });

  it("pull linked rows together and push the others apart", async () => {
    const termAfter = async (weights: readonly number[]) => {
      const learner = constrained([[0, 1]], [[2, 5]]);
      const state = (await oneStep(learner, { learningRate: 0.05, weights })).after;
      const { results } = await oneStep(learner, { state });
      return results["term/constraints"]!.data[0]!;
    };
    expect(await termAfter([5])).toBeLessThan(await termAfter([0]));
  });

  it("speak of samples by id where the data have ids", async () => {
    const byId = await oneStep(constrained([["s0", "s3"]], [["s1", "s4"]], {}, named()));
    const byRow = await oneStep(constrained([[0, 3]], [[1, 4]]));
    expect(byId.results["term/constraints"]).toEqual(byRow.results["term/constraints"]);
    const numbers = named(Array.from({ length: 50 }, (_, row) => String(100 - row)));
    const reversed = await oneStep(constrained([[100, 97]], [[99, 96]], {}, numbers));
    expect(reversed.results["term/constraints"]).toEqual(byRow.results["term/constraints"]);
  });

  it.each([
    [
      "rows",
      [
        [0, 1],
        [1, 2],
        [3, 2],
        [9, 3],
      ],
      [
        [5, 6],
        [0, 9],
      ],
      tinyData(),
      "row 0 and row 9 cannot be linked, and must be: row 0 – row 1 – row 2 – row 3 – row 9",
    ],
    [
      "ids, by the shortest chain",
      [
        ["s7", "s8"],
        ["s8", "s9"],
        ["s9", "s1"],
        ["s7", "s1"],
      ],
      [["s9", "s7"]],
      named(),
      '"s7" and "s9" cannot be linked, and must be: "s7" – "s8" – "s9"',
    ],
    [
      "a pair that is both",
      [[4, 2]],
      [[2, 4]],
      tinyData(),
      "row 2 and row 4 cannot be linked, and must be: row 2 – row 4",
    ],
    [
      "several",
      [
        [0, 1],
        [1, 2],
      ],
      [
        [0, 2],
        [2, 1],
        [0, 40],
      ],
      tinyData(),
      "row 0 and row 2 cannot be linked, and must be: row 0 – row 1 – row 2; 1 more cannot-links are contradicted like this one",
    ],
  ] as const)("that contradict each other are told with the chain: %s", (_, must, cannot, data, message) => {
    const learner = () => constrained(must as never, cannot as never, {}, data);
    expect(learner).toThrowError(expect.objectContaining({ code: "CONSTRAINTS_CONTRADICT", message }));
  });

  it("find exactly the contradictions that a closure of the must-links has", () => {
    const rows = Array.from({ length: 8 }, (_, row) => row);
    fc.assert(
      fc.property(pairsOf(rows), pairsOf(rows), (must, cannot) => {
        // Warshall's closure: an independent way to the same answer.
        const joined = rows.map((i) =>
          rows.map((j) => must.some(([a, b]) => (a === i && b === j) || (a === j && b === i))),
        );
        for (const k of rows)
          for (const i of rows) for (const j of rows) joined[i]![j] ||= joined[i]![k]! && joined[k]![j]!;
        const contradicts = cannot.some(([a, b]) => joined[a]![b]);
        let refused = false;
        try {
          constrained(must, cannot);
        } catch {
          refused = true;
        }
        expect(refused).toBe(contradicts);
      }),
      { seed: 6, numRuns: 150 },
    );
  });

  it("refuse what names no pair of samples, and say which", () => {
    expect(told(() => constrained([[3, 3]]))).toMatchInlineSnapshot(`
      "LINK_TO_ITSELF: row 3 is linked with itself
      regulariser "constraints", mustLink, pair 1
      Name two different samples, or leave the pair out."
    `);
    expect(told(() => constrained([[3, 50]]))).toMatchInlineSnapshot(`
      "SAMPLE_UNKNOWN: corners has no sample 50
      regulariser "constraints", mustLink, pair 1
      Rows are numbered from 0 to 49; the data have no ids (data.ids would name them)."
    `);
    expect(told(() => constrained([[0, 1]], [["a", 1]]))).toMatchInlineSnapshot(`
      "SAMPLE_UNKNOWN: corners has no sample "a"
      regulariser "constraints", cannotLink, pair 1
      Rows are numbered from 0 to 49; the data have no ids (data.ids would name them)."
    `);
    expect(told(() => constrained([["s1", "s49x"]], [], {}, named()))).toMatchInlineSnapshot(`
      "SAMPLE_UNKNOWN: corners has no sample "s49x"
      regulariser "constraints", mustLink, pair 1
      Did you mean "s49" or "s4" or "s9"?"
    `);
    const repeated = named([...Array(49).fill("a"), "b"]);
    expect(told(() => constrained([["a", "b"]], [], {}, repeated))).toMatchInlineSnapshot(`
      "SAMPLE_IDS_REPEATED: two rows of corners have the id "a"
      regulariser "constraints"
      Give every row an id of its own, or name samples by their row numbers."
    `);
    expect(
      told(() =>
        constrained(
          [
            [0, 1],
            [1, 2],
          ],
          [[2, 0]],
        ),
      ),
    ).toMatchInlineSnapshot(`
      "CONSTRAINTS_CONTRADICT: row 0 and row 2 cannot be linked, and must be: row 0 – row 1 – row 2
      regulariser "constraints"
      Leave out the cannot-link, or one of the must-links of the chain."
    `);
  });
});

function told(learner: () => unknown): string {
  try {
    learner();
  } catch (error) {
    const { code, message, where, fix } = error as { code: string; message: string; where: string; fix: string };
    return [`${code}: ${message}`, where, fix].join("\n");
  }
  throw new Error("nothing was thrown");
}
