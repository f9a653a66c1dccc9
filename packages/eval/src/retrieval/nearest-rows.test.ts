import { isSemblanceError, Key, type NdArray, ndarray, referenceBackend } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { divergences } from "../../test/divergences.js";
import { rowDistances } from "../distances/row-distance.js";
import { type NearestRowsOptions, nearestRows } from "./nearest-rows.js";

type Compare = (x: Float64Array, y: Float64Array) => number;

const dot: Compare = (x, y) => x.reduce((sum, value, d) => sum + value * y[d]!, 0);
const named =
  (name: keyof typeof rowDistances): Compare =>
  (x, y) =>
    rowDistances[name](x, 0, y, 0, x.length);
const compares: Readonly<Record<string, Compare>> = {
  "squared-euclidean": named("squared-euclidean"),
  euclidean: named("euclidean"),
  cosine: named("cosine"),
  "negative-dot": (x, y) => -dot(x, y),
  leaning: (x, y) => named("squared-euclidean")(x, y) + 3 * Math.sqrt(dot(y, y)),
};

const base = { backend: referenceBackend(), catalogue: divergences };
const rowOf = ({ shape, data }: NdArray, row: number) =>
  Float64Array.from({ length: shape[1]! }, (_, d) => data[row * shape[1]! + d]!);

/** All rows sorted by their divergence, then index. */
function sorted(compare: Compare, queries: NdArray, gallery: NdArray, k: number, excludeSelf: boolean) {
  return Array.from({ length: queries.shape[0]! }, (_, q) =>
    Array.from({ length: gallery.shape[0]! }, (_unused, row) => ({
      row,
      value: compare(rowOf(queries, q), rowOf(gallery, row)),
    }))
      .filter(({ row }) => !(excludeSelf && row === q))
      .sort((a, b) => a.value - b.value || a.row - b.row)
      .slice(0, k),
  );
}

// Whole numbers from few, so that ties and duplicates are the rule and sums are exact.
const matrices = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 4 }))
  .chain(([q, n, d]) =>
    fc.tuple(
      ...[q, n].map((rows) =>
        fc
          .array(fc.integer({ min: -2, max: 2 }), { minLength: rows * d, maxLength: rows * d })
          .map((values) => ndarray("float64", [rows, d], values)),
      ),
    ),
  );

describe.each(Object.entries(compares))("%s", (divergence, compare) => {
  it("finds what a full sort finds, ties by lower index", async () => {
    await fc.assert(
      fc.asyncProperty(matrices, fc.integer({ min: 1, max: 12 }), async ([queries, gallery], wanted) => {
        const k = Math.min(wanted, gallery!.shape[0]!);
        const found = await nearestRows({ ...base, divergence, queries: queries!, gallery: gallery!, k });
        sorted(compare, queries!, gallery!, k, false).forEach((best, q) => {
          const values = [...found.distances.data.subarray(q * k, q * k + k)];
          best.forEach(({ value }, rank) => expect(values[rank]).toBeCloseTo(value, 9));
          // Roots and cosines round; where no two are nearly equal, the rows must be the same ones.
          if (divergence === "cosine" || divergence === "leaning") return;
          expect([...found.indices.data.subarray(q * k, q * k + k)]).toEqual(best.map(({ row }) => row));
        });
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  it("gives the same under the least memory, in chunks of few rows, and leaves each row out of its own", async () => {
    const queries = ndarray("float32", [41, 6], Key.fromSeed(3).normal(41 * 6));
    const whole = await nearestRows({ ...base, divergence, queries, k: 7 });
    // 7 + 8 candidates of 12 bytes are a quarter; the rest is for the chunk.
    for (const memoryLimit of [1_800, 5_000, 40_000]) {
      const part = await nearestRows({ ...base, divergence, queries, k: 7, memoryLimit });
      expect(part.indices).toEqual(whole.indices);
      part.distances.data.forEach((value, at) => expect(value).toBeCloseTo(whole.distances.data[at]!, 10));
    }
    const best = sorted(compare, queries, queries, 7, true);
    expect([...whole.indices.data]).toEqual(best.flatMap((row) => row.map(({ row }) => row)));
  });
});

it("asks for more candidates where many are equally far, until the lowest indices are certain", async () => {
  // 300 duplicates: any 13 candidates are a draw.
  const gallery = ndarray("float64", [300, 3], new Float64Array(900).fill(0.1));
  const queries = ndarray("float64", [2, 3], [1 / 3, 0, 0.7, 0.1, 0.1, 0.1]);
  const { indices, distances } = await nearestRows({ ...base, divergence: "euclidean", queries, gallery, k: 4 });
  expect([...indices.data]).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  expect([...distances.data.subarray(4)]).toEqual([0, 0, 0, 0]);
});

it("keeps near and far apart at any scale", async () => {
  for (const scale of [1e-140, 1e-30, 1e30, 1e140]) {
    const queries = ndarray("float64", [3, 2], [0, 0, scale, 0, 3 * scale, 0]);
    const { indices } = await nearestRows({ ...base, divergence: "squared-euclidean", queries, k: 2 });
    expect([...indices.data]).toEqual([1, 2, 0, 2, 1, 0]);
  }
});

describe("order", () => {
  const queries = ndarray("float64", [5, 3], Key.fromSeed(8).normal(15));
  const gallery = ndarray("float64", [11, 3], Key.fromSeed(9).normal(33));
  const leaning = compares.leaning!;
  it.each([
    ["anchor-first", leaning],
    ["anchor-second", (x, y) => leaning(y, x)],
    ["both", (x, y) => (leaning(x, y) + leaning(y, x)) / 2],
  ] satisfies [string, Compare][])("%s", async (order, compare) => {
    const found = await nearestRows({ ...base, divergence: "leaning", queries, gallery, k: 4, order: order as never });
    const best = sorted(compare, queries, gallery, 4, false).flat();
    expect([...found.indices.data]).toEqual(best.map(({ row }) => row));
    found.distances.data.forEach((value, at) => expect(value).toBeCloseTo(best[at]!.value, 12));
  });
});

it("ranks by learned weights", async () => {
  const queries = ndarray("float64", [1, 2], [0, 0]);
  const gallery = ndarray("float64", [2, 2], [1, 3, 2, 1]);
  const ranked = async (weights: number[]) => {
    const parameters = { weights: ndarray("float32", [2], weights) };
    const { indices } = await nearestRows({ ...base, divergence: "weighted", queries, gallery, k: 2, parameters });
    return [...indices.data];
  };
  expect(await ranked([1, 0.01])).toEqual([0, 1]);
  expect(await ranked([0.01, 1])).toEqual([1, 0]);
});

const rows = ndarray("float64", [3, 2], [1, 2, 3, 4, 5, 6]);
it.each<[string, Partial<NearestRowsOptions>]>([
  ["K_EXCEEDS_GALLERY", { k: 3 }],
  ["K_EXCEEDS_GALLERY", { k: 4, excludeSelf: false }],
  ["SETTING_INVALID", { k: 0 }],
  ["SETTING_INVALID", { memoryLimit: 0 }],
  ["MEMORY_LIMIT_TOO_SMALL", { memoryLimit: 100 }],
  ["MEMORY_LIMIT_TOO_SMALL", { memoryLimit: 20 }],
  ["GALLERY_NOT_THE_QUERIES", { gallery: ndarray("float64", [2, 2], [1, 2, 3, 4]), excludeSelf: true }],
  ["AXIS_MISMATCH", { gallery: ndarray("float64", [2, 1], [1, 2]) }],
  ["RANK_MISMATCH", { queries: ndarray("float64", [6], [1, 2, 3, 4, 5, 6]) }],
  ["INPUT_EMPTY", { gallery: ndarray("float64", [0, 2], []) }],
  ["VALUE_NOT_FINITE", { queries: ndarray("float64", [2, 2], [1, 2, 3, Number.NaN]) }],
  ["VALUES_TOO_LARGE", { queries: ndarray("float64", [2, 2], [1, 2, 3, 1e200]) }],
  ["NAME_UNKNOWN", { divergence: "euclidian" }],
  ["OUTSIDE_DOMAIN", { divergence: "weighted", queries: ndarray("float64", [2, 2], [1, 2, 3, -4]) }],
  ["OUTSIDE_DOMAIN", { divergence: "weighted", queries: ndarray("float64", [2, 2], [1, 2, 0, 4]), order: "both" }],
])("%s", async (code, change) => {
  const error = await nearestRows({ ...base, divergence: "euclidean", queries: rows, k: 1, ...change }).catch((e) => e);
  expect(isSemblanceError(error) && error.code, String(error)).toBe(code);
});

it("says where a value lies outside the domain", async () => {
  const queries = ndarray("float64", [2, 2], [1, 2, 3, -4]);
  const error = await nearestRows({ ...base, divergence: "weighted", queries, k: 1 }).catch((e) => e);
  expect(error).toMatchObject({ code: "OUTSIDE_DOMAIN", where: "queries, row 1, column 1" });
});
