import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createCatalogue } from "../container/create-catalogue.js";
import { defineDistance } from "../contracts/distance.js";
import { defineKernel } from "../contracts/kernel.js";
import { defineLoss } from "../contracts/loss.js";
import { definePlugin } from "../contracts/plugin.js";
import { pairwiseManhattanDistances } from "../functions/pairwise.js";
import { mul } from "../ops/mul.js";
import { sum } from "../ops/sum.js";
import { referenceBackend } from "../reference/reference-backend.js";
import type { Case } from "./case.js";
import { compareCase } from "./compare-case.js";
import { evaluateCase } from "./evaluate-case.js";
import { evaluateDistance } from "./evaluate-distance.js";
import { evaluateKernel } from "./evaluate-kernel.js";
import { evaluateLoss } from "./evaluate-loss.js";

const scaled = z.strictObject({ scale: z.number().default(1).describe("a factor") });
const city = defineDistance({
  name: "city",
  summary: "Sums of differences.",
  config: scaled,
  matrix: (x, y, { scale }: z.infer<typeof scaled>) => mul(pairwiseManhattanDistances(x, y), scale),
});
/** How many places lie between two rows when they are sorted by their first feature: nothing but all rows can say. */
const ranks = defineDistance({
  name: "ranks",
  summary: "Places apart.",
  config: z.strictObject({}),
  table({ shape, data }) {
    const [n, d] = [shape[0]!, shape[1]!];
    const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => data[a * d]! - data[b * d]!);
    const place = order.map((_, i) => order.indexOf(i));
    return {
      shape: [n, n],
      data: Uint16Array.from({ length: n * n }, (_, at) => Math.abs(place[Math.floor(at / n)]! - place[at % n]!)),
    };
  },
});
const given = defineDistance({ name: "given", summary: "An input.", config: z.strictObject({}) });
const oblong = defineDistance({
  name: "oblong",
  summary: "A table of the wrong shape.",
  config: z.strictObject({}),
  table: () => ({ shape: [1, 2], data: new Float32Array(2) }),
});
const twice = defineKernel({
  name: "twice",
  summary: "A kernel by its table.",
  config: z.strictObject({}),
  table: async ({ shape }) => ({ shape: [shape[0]!, shape[0]!], data: new Float32Array(shape[0]! ** 2).fill(2) }),
});
/** Σ affinity, of any distance: what a loss that takes both inputs looks like. */
const total = defineLoss({
  name: "total",
  summary: "The sum of all distances.",
  config: z.strictObject({ distance: z.string().default("city") }),
  shards: "needs-gather",
  inputs: {
    data: { axes: ["n", "d"], type: "float", description: "rows", optional: true },
    affinity: { axes: ["n", "n"], type: "float", description: "distances", domain: "distances", optional: true },
  },
  affinity: ({ distance }) => ({ kind: "distance", reference: distance }),
  build({ data, affinity }, { distance }, cx) {
    const bound = cx.distance(distance);
    return sum(bound.precomputed ? affinity! : bound.matrix(data!, data!));
  },
});
const catalogue = createCatalogue([
  definePlugin({
    name: "distances-under-test",
    version: "1.0.0",
    core: "*",
    register: (registry) => [city, ranks, given, oblong, twice, total].forEach((entry) => registry.add(entry)),
  }),
]);
const backend = referenceBackend();
const data = { shape: [3, 1], data: [5, 1, 2] };
const distanceOf = (distance: string | { name: string; [key: string]: unknown }, rows = data) =>
  evaluateDistance({ catalogue, backend, distance, data: rows });

describe("evaluateDistance", () => {
  it("computes a matrix made of primitives", async () => {
    const { shape, data: values } = await distanceOf({ name: "city", scale: 2 });
    expect([shape, [...values]]).toEqual([
      [3, 3],
      [0, 8, 6, 8, 0, 2, 6, 2, 0],
    ]);
  });

  it("computes a table on the host", async () => {
    const table = await distanceOf("ranks");
    expect([table.dtype, [...table.data]]).toEqual(["float64", [0, 2, 1, 2, 0, 1, 1, 1, 0]]);
    const kernel = await evaluateKernel({ catalogue, backend, kernel: "twice", data });
    expect([...kernel.data]).toEqual(new Array(9).fill(2));
  });

  it("is a kind of case", async () => {
    const item: Case = {
      id: "distance/city/1",
      kind: "distance",
      name: "city",
      config: {},
      inputs: { data: { shape: [2, 1], data: [1, 4] } },
      expected: { matrix: { shape: [2, 2], data: [0, 3, 3, 0] } },
    };
    const result = await evaluateCase(item, { catalogue, backend });
    expect(compareCase(item, result, 1e-12)).toMatchObject({ passed: true, error: 0 });
  });

  const square = (...values: number[]) => ({ shape: [2, 2], data: values });
  it("returns a given matrix as it is", async () => {
    expect([...(await distanceOf("given", square(0, 2, 2, 0))).data]).toEqual([0, 2, 2, 0]);
  });

  it.each([
    ["no square", { shape: [1, 2], data: [0, 0] }, "AFFINITY_NOT_SQUARE"],
    ["not symmetric", square(0, 1, 2, 0), "AFFINITY_ASYMMETRIC"],
    ["negative", square(0, -1, -1, 0), "AFFINITY_NEGATIVE"],
    ["not 0 on its diagonal", square(1, 0.5, 0.5, 1), "AFFINITY_DIAGONAL"],
    ["not finite", square(0, Number.NaN, Number.NaN, 0), "ARRAY_INVALID"],
  ])("refuses a given matrix that is %s", async (_, rows, code) => {
    await expect(distanceOf("given", rows)).rejects.toMatchObject({ code });
    const loss = { name: "total", distance: "given" };
    const inLoss = evaluateLoss({ catalogue, backend, loss, inputs: { affinity: rows } });
    await expect(inLoss).rejects.toMatchObject({ code: code === "AFFINITY_NOT_SQUARE" ? "AXIS_MISMATCH" : code });
  });

  it.each([
    ["a vector", "city", { shape: [2], data: [1, 2] }, "RANK_MISMATCH"],
    ["an unknown distance", "cty", data, "NAME_UNKNOWN"],
    ["a table of the wrong shape", "oblong", data, "AFFINITY_NOT_SQUARE"],
  ])("refuses %s", async (_, distance, rows, code) => {
    await expect(distanceOf(distance, rows)).rejects.toMatchObject({ code });
  });
});

describe("a loss that compares rows", () => {
  const valueOf = (distance: string, inputs: object) =>
    evaluateLoss({ catalogue, backend, loss: { name: "total", distance }, inputs: { ...inputs } });

  it("computes distances from data, by primitives and by a table, or reads them", async () => {
    expect((await valueOf("city", { data })).value).toBe(2 * (4 + 3 + 1));
    expect((await valueOf("ranks", { data })).value).toBe(2 * (2 + 1 + 1));
    expect((await valueOf("given", { affinity: { shape: [2, 2], data: [0, 3, 3, 0] } })).value).toBe(6);
  });

  it("is refused the matrix of a distance that has no formula", () => {
    const loss = defineLoss({
      ...total,
      build: ({ data: x }, { distance }, cx) => cx.distance(distance).matrix(x!, x!),
    });
    const own = createCatalogue([
      definePlugin({
        name: "eager",
        version: "1.0.0",
        core: "*",
        register: (registry) => [given, loss].forEach((entry) => registry.add(entry)),
      }),
    ]);
    const value = evaluateLoss({
      catalogue: own,
      backend,
      loss: { name: "total", distance: "given" },
      inputs: { data },
    });
    return expect(value).rejects.toMatchObject({ code: "DISTANCE_IS_AN_INPUT" });
  });
});
