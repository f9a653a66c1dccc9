import { type ComponentReference, sum, type Tensor, xLogY } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { between, betweenSets, type Rows } from "./between.js";

/** Bregman divergences, and numbers that are in the domain of each. */
const bregman: readonly (readonly [ComponentReference, fc.Arbitrary<number>])[] = [
  ["squared-euclidean", fc.double({ min: -5, max: 5, noNaN: true })],
  [
    { name: "mahalanobis", factor: { shape: [2, 3], data: [1, 2, 0, 0, 1, -1] } },
    fc.double({ min: -5, max: 5, noNaN: true }),
  ],
  ["generalised-kl", fc.double({ min: 0.05, max: 5, noNaN: true })],
  ["itakura-saito", fc.double({ min: 0.05, max: 5, noNaN: true })],
  ["logistic", fc.double({ min: 0.02, max: 0.98, noNaN: true })],
  ["exponential", fc.double({ min: -2, max: 2, noNaN: true })],
  ["max-affine", fc.double({ min: -5, max: 5, noNaN: true })],
  ["log-sum-exp", fc.double({ min: -5, max: 5, noNaN: true })],
];
const title = (divergence: ComponentReference) => (typeof divergence === "string" ? divergence : divergence.name);
const rowsOf = (value: fc.Arbitrary<number>, count: number) =>
  fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { minLength: count, maxLength: count });
const meanOf = (rows: Rows) => rows[0]!.map((_, c) => rows.reduce((total, row) => total + row[c]!, 0) / rows.length);
const average = (column: readonly (readonly number[])[]) =>
  column.reduce((total, [d]) => total + d!, 0) / column.length;
const NUM_RUNS = 25;

describe.each(bregman)("$0", (divergence, value) => {
  it(`${title(divergence)}: the mean is the best centre, by exactly the divergence to it`, async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(value, 5), rowsOf(value, 1), async (points, [centre]) => {
        const mean = meanOf(points);
        const toCentre = average(await between(divergence, points, [centre!]));
        const toMean = average(await between(divergence, points, [mean]));
        const [[apart]] = (await between(divergence, [mean], [centre!])) as [[number]];
        expect(toCentre - toMean).toBeCloseTo(apart, 8);
      }),
      { numRuns: NUM_RUNS },
    );
  });

  it(`${title(divergence)}: is never negative and 0 between equal rows`, async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(value, 4), async (points) => {
        const matrix = await between(divergence, points, points);
        for (const [i, row] of matrix.entries()) {
          expect(row[i]).toBeCloseTo(0, 10);
          for (const d of row) expect(d).toBeGreaterThanOrEqual(-1e-12);
        }
      }),
      { numRuns: NUM_RUNS },
    );
  });
});

describe("deep divergences", () => {
  // Whole eighths, so that a shift neither makes nor breaks a tie.
  const eighths = fc.integer({ min: -24, max: 24 }).map((value) => value / 8);
  const outputs = rowsOf(eighths, 3);

  it.each(["max-affine", "log-sum-exp", "soft-affine"])(
    "%s: a number added to all outputs of a row changes nothing",
    (name) =>
      fc.assert(
        fc.asyncProperty(outputs, eighths, async (rows, shift) => {
          const moved = rows.map((row, i) => (i === 1 ? row.map((z) => z + shift) : row));
          const [before, after] = [await between(name, rows, rows), await between(name, moved, moved)];
          // Of the soft variant only the first argument is moved along.
          for (const [i, row] of after.entries())
            for (const [j, d] of row.entries()) expect(d).toBeCloseTo(before[i]![j]!, 9);
        }),
        { numRuns: NUM_RUNS },
      ),
  );

  it("log-sum-exp tends to max-affine as its temperature goes to 0", async () => {
    const rows = [
      [2, 1, 0.5],
      [0.2, 1.4, 1],
      [1.9, 2.4, 0.1],
    ];
    const hard = await between("max-affine", rows, rows);
    const soft = await between({ name: "log-sum-exp", temperature: 1e-3 }, rows, rows);
    for (const [i, row] of soft.entries()) for (const [j, d] of row.entries()) expect(d).toBeCloseTo(hard[i]![j]!, 6);
  });

  it("one output tells nothing apart", async () => {
    expect(await between("max-affine", [[1], [5]], [[-3], [2]])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("of two outputs D is the gap of the first argument, where signs differ", async () => {
    expect(
      await between(
        "max-affine",
        [[3, 1]],
        [
          [0, 4],
          [9, 1],
        ],
      ),
    ).toEqual([[2, 0]]);
  });
});

describe("sets", () => {
  const points = rowsOf(fc.double({ min: -2, max: 2, noNaN: true }), 4);

  it("kernel MMD with the linear kernel is moment matching", () =>
    fc.assert(
      fc.asyncProperty(points, points, async (p, q) => {
        const [[mmd]] = (await betweenSets({ name: "kernel-mmd", kernel: "linear" }, [p], [q])) as [[number]];
        const [[matching]] = (await betweenSets("moment-matching", [p], [q])) as [[number]];
        expect(mmd).toBeCloseTo(matching, 9);
        expect(mmd).toBeGreaterThanOrEqual(-1e-12);
      }),
      { numRuns: NUM_RUNS },
    ));

  it("the maximum is taken of the mean output, not the mean of maxima", async () => {
    const p = [
      [1, 0],
      [0, 3],
    ];
    const q = [
      [1, 0],
      [1, 0],
    ];
    expect(await betweenSets("max-affine", [p], [q])).toEqual([[1]]);
  });

  it("are refused by a divergence of rows, with a word for what to do", async () => {
    await expect(betweenSets("itakura-saito", [[[1, 2]]], [[[1, 2]]])).rejects.toMatchObject({
      code: "DIVERGENCE_OF_POINTS",
      fix: expect.stringContaining("sets"),
    });
  });
});

describe("custom", () => {
  it("a generator in code gives the divergence that is written out", async () => {
    const entropy = { name: "custom", generator: (x: Tensor) => sum(xLogY(x, x), { axes: [1] }) };
    const rows = [
      [0.2, 0.3, 0.5],
      [0.1, 0.6, 0.3],
    ];
    const [got, expected] = [await between(entropy, rows, rows), await between("generalised-kl", rows, rows)];
    for (const [i, row] of got.entries())
      for (const [j, d] of row.entries()) expect(d).toBeCloseTo(expected[i]![j]!, 12);
  });

  it("refuses a generator that is no function, or gives no number for each row", async () => {
    await expect(between({ name: "custom", generator: "x" }, [[1]], [[1]])).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    await expect(between({ name: "custom", generator: (x: Tensor) => x }, [[1]], [[1]])).rejects.toMatchObject({
      code: "GENERATOR_SHAPE",
    });
  });
});

describe("domains", () => {
  it.each([
    [
      "generalised-kl",
      [
        [1, 2],
        [3, -0.5],
      ],
      [[1, 1]],
      "first, row 1, column 1",
    ],
    ["generalised-kl", [[1, 0]], [[1, 0]], "second, row 0, column 1"],
    ["itakura-saito", [[0, 1]], [[1, 1]], "first, row 0, column 0"],
    ["logistic", [[0.5, 0.5]], [[0.5, 1]], "second, row 0, column 1"],
  ] as const)("%s of %j and %j is refused by row and column", async (name, first, second, where) => {
    await expect(between(name, first, second)).rejects.toMatchObject({ code: "OUTSIDE_DOMAIN", where });
  });

  it("a zero in the first argument of the Kullback–Leibler divergence is legal", async () => {
    expect(await between("generalised-kl", [[0, 1]], [[1, 1]])).toEqual([[1]]);
  });
});
