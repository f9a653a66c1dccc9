import {
  buildContext,
  gradients,
  Key,
  mul,
  type NdArray,
  ndarray,
  referenceBackend,
  spec,
  sum,
  type Tensor,
  trace,
} from "@semblance/core";
import { checkGradients, runOnce } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Batch,
  catalogue,
  drawBatch,
  euclidean,
  evaluate,
  folded,
  matrixOf,
  mined,
  REDUCTIONS,
  relationsOf,
  squared,
  type Term,
} from "./by-loops.js";

const NAME = "metric/triplet";
const sizes = fc.record({
  seed: fc.nat(1e6),
  n: fc.integer({ min: 2, max: 9 }),
  classes: fc.integer({ min: 1, max: 4 }),
});
const RUNS = { seed: 61, numRuns: 15 };

/** All triplets of a batch, in three loops. */
function tripletsOf(labels: readonly number[]): number[][] {
  const triplets: number[][] = [];
  for (const [a, own] of labels.entries())
    for (const [p, second] of labels.entries())
      for (const [n, third] of labels.entries())
        if (a !== p && own === second && own !== third) triplets.push([a, p, n]);
  return triplets;
}

interface Options {
  readonly margin?: number;
  readonly swap?: boolean;
  readonly softMargin?: boolean;
}

function termsOf(
  d: readonly (readonly number[])[],
  triplets: readonly (readonly number[])[],
  options: Options,
): Term[] {
  return triplets.map(([a, p, n]) => {
    const negative = options.swap ? Math.min(d[a!]![n!]!, d[p!]![n!]!) : d[a!]![n!]!;
    const z = d[a!]![p!]! - negative;
    return {
      anchor: a!,
      value: options.softMargin ? Math.log(1 + Math.exp(z)) : Math.max(0, z + (options.margin ?? 0)),
    };
  });
}

describe("metric/triplet", () => {
  it.each(REDUCTIONS)("is its definition in three loops, under %s", (reduction) =>
    fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), fc.boolean(), async ({ seed, n, classes }, swap, softMargin) => {
        const batch = drawBatch(seed, n, classes);
        const keys = { margin: 1, swap, softMargin };
        const { value } = await evaluate(
          { name: NAME, divergence: "euclidean", normalise: false, reduction, ...keys },
          batch,
        );
        expect(value).toBeCloseTo(
          folded(termsOf(matrixOf(batch.rows, euclidean), tripletsOf(batch.labels), keys), reduction),
          10,
        );
      }),
      RUNS,
    ),
  );

  it.each(REDUCTIONS)(
    "is the same where many partners make sorting pay, gradients too, under %s",
    async (reduction) => {
      const batch = drawBatch(3, 60, 2, 4);
      const loss = { name: NAME, divergence: "squared-euclidean", normalise: false, margin: 2, reduction };
      const sorted = await evaluate(loss, batch);
      const terms = termsOf(matrixOf(batch.rows, squared), tripletsOf(batch.labels), { margin: 2 });
      expect(terms.some(({ value }) => value > 0) && terms.some(({ value }) => value === 0)).toBe(true);
      expect(sorted.value / folded(terms, reduction)).toBeCloseTo(1, 12);
      // By relations every triplet is gone through.
      const looped = await evaluate(loss, { rows: batch.rows, relations: relationsOf(batch.labels) });
      expect(looped.value / sorted.value).toBeCloseTo(1, 12);
      const gradient = sorted.gradients.embeddings!.data;
      looped.gradients.embeddings!.data.forEach((slope, at) => {
        expect(slope).toBeCloseTo(gradient[at]!, 9);
      });
    },
  );

  it.each([1e-6, 1, 30, 400])(
    "with a soft margin is its definition for rows of size %d, gradients too",
    async (size) => {
      const { rows: drawn, labels } = drawBatch(59, 12, 3);
      const rows = drawn.map((row) => row.map((value) => size * value));
      const d = matrixOf(rows, euclidean);
      const expected = tripletsOf(labels).reduce((total, [a, p, n]) => {
        const z = d[a!]![p!]! - d[a!]![n!]!;
        return total + Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      }, 0);
      const loss = { name: NAME, divergence: "euclidean", normalise: false, softMargin: true, reduction: "sum" };
      const all = await evaluate(loss, { rows, labels });
      expect(all.value / expected).toBeCloseTo(1, 12);
      // By relations every triplet is gone through by itself.
      const each = await evaluate(loss, { rows, relations: relationsOf(labels) });
      each.gradients.embeddings!.data.forEach((slope, at) => {
        expect(all.gradients.embeddings!.data[at]!).toBeCloseTo(slope, 9);
      });
    },
  );

  it.each(["batch-hard", "semi-hard"])(
    "mining %s is the miner of that name by the loss's divergence",
    async (mining) => {
      const batch = drawBatch(17, 14, 4);
      const comparison = { divergence: "lopsided", normalise: false, order: "both" } as const;
      const keys = { ...comparison, margin: 1.5, reduction: "mean-valid" };
      const own = await evaluate({ name: NAME, ...keys, mining }, batch);
      const lent = await evaluate({ name: NAME, ...keys, miner: { name: mining, ...comparison } }, batch);
      expect(own.value).toBe(lent.value);
      expect(own.value).toBeGreaterThan(0);
      expect(own.gradients).toEqual(lent.gradients);
    },
  );

  it("mining distance-weighted draws by noise what the miner draws", async () => {
    const batch = { ...drawBatch(19, 14, 4), noise: noiseOf(14) };
    const own = await evaluate({ name: NAME, mining: "distance-weighted", margin: 1, reduction: "sum" }, batch);
    const triplets = await mined("distance-weighted", batch);
    const rows = batch.rows.map((row) => row.map((value) => value / Math.hypot(...row)));
    expect(own.value).toBeCloseTo(folded(termsOf(matrixOf(rows, euclidean), triplets, { margin: 1 }), "sum"), 10);
    const likely = await evaluate(
      { name: NAME, mining: "distance-weighted", margin: 1, reduction: "sum" },
      { rows: batch.rows, labels: batch.labels },
    );
    expect(likely.value).not.toBeCloseTo(own.value, 3);
  });

  it("takes all combinations of the pairs of a miner of pairs", async () => {
    const batch = drawBatch(23, 12, 3);
    const pairs = await mined({ name: "multi-similarity", epsilon: 0.3 }, batch);
    const kept = new Set(pairs.map(String));
    const triplets = tripletsOf(batch.labels).filter(([a, p, n]) => kept.has(`${a},${p}`) && kept.has(`${a},${n}`));
    expect(triplets.length).toBeGreaterThan(0);
    expect(triplets.length).toBeLessThan(tripletsOf(batch.labels).length);
    const { value } = await evaluate(
      {
        name: NAME,
        divergence: "euclidean",
        normalise: false,
        margin: 3,
        reduction: "per-anchor",
        miner: { name: "multi-similarity", epsilon: 0.3 },
      },
      batch,
    );
    expect(value).toBeCloseTo(
      folded(termsOf(matrixOf(batch.rows, euclidean), triplets, { margin: 3 }), "per-anchor"),
      10,
    );
  });

  it("miner all is mining all", async () => {
    const batch = drawBatch(29, 10, 3);
    expect(await evaluate({ name: NAME, miner: "all" }, batch)).toEqual(await evaluate({ name: NAME }, batch));
  });

  it("weighs a triplet by the degrees of its pairs, and leaves out what is unknown", async () => {
    const { rows } = drawBatch(31, 4, 2);
    const relations = [
      [0, 0.5, -0.25, 0],
      [1, 0, -1, -0.5],
      [0, 0, 0, 0],
      [0, 0, 1, 0],
    ];
    const d = matrixOf(rows, euclidean);
    const term = (a: number, p: number, n: number, weight: number) => ({
      anchor: a,
      value: Math.max(0, d[a]![p]! - d[a]![n]! + 2),
      weight,
    });
    const terms = [term(0, 1, 2, 0.125), term(1, 0, 2, 1), term(1, 0, 3, 0.5)];
    for (const reduction of REDUCTIONS) {
      const { value } = await evaluate({ name: NAME, normalise: false, margin: 2, reduction }, { rows, relations });
      expect(value).toBeCloseTo(folded(terms, reduction), 12);
    }
  });

  it("of squared distances of unit rows is 2(a·n − a·p) + m", async () => {
    const batch = drawBatch(37, 9, 3);
    const rows = batch.rows.map((row) => row.map((value) => value / Math.hypot(...row)));
    const dot = (a: number, b: number) => rows[a]!.reduce((total, value, at) => total + value * rows[b]![at]!, 0);
    const terms = tripletsOf(batch.labels).map(([a, p, n]) => ({
      anchor: a!,
      value: Math.max(0, 2 * (dot(a!, n!) - dot(a!, p!)) + 0.3),
    }));
    const { value } = await evaluate(
      { name: NAME, divergence: "squared-euclidean", margin: 0.3, reduction: "mean-valid" },
      batch,
    );
    expect(value).toBeCloseTo(folded(terms, "mean-valid"), 12);
  });

  it("a row of a new class, far away, leaves the sum as it is", async () => {
    const batch = drawBatch(41, 8, 3);
    const loss = { name: NAME, normalise: false, reduction: "sum" };
    const more = { rows: [...batch.rows, [1e3, 1e3, 1e3]], labels: [...batch.labels, 9] };
    expect((await evaluate(loss, more)).value).toBeCloseTo((await evaluate(loss, batch)).value, 9);
  });

  it.each([
    ["all labels differ", [0, 1, 2, 3]],
    ["one class", [5, 5, 5, 5]],
  ])("is exactly 0 where %s, gradients too", async (_, labels) => {
    const { rows } = drawBatch(43, 4, 2);
    for (const keys of [{}, { softMargin: true }, { mining: "batch-hard" }, { miner: "distance-weighted" }]) {
      for (const reduction of REDUCTIONS) {
        const { value, gradients: slopes } = await evaluate({ name: NAME, reduction, ...keys }, { rows, labels });
        expect(value).toBe(0);
        expect(slopes.embeddings!.data.every((slope) => slope === 0)).toBe(true);
      }
    }
  });

  it("has finite gradients where rows coincide", async () => {
    const rows = Array.from({ length: 6 }, () => [1, 2, 3]);
    const { gradients: slopes } = await evaluate(
      { name: NAME, normalise: false },
      { rows, labels: [0, 0, 0, 1, 1, 1] },
    );
    expect(slopes.embeddings!.data.every((slope) => slope === 0)).toBe(true);
  });

  it.each([
    { margin: 1 },
    { softMargin: true },
    { softMargin: true, swap: true, reduction: "per-anchor" },
    { softMargin: true, mining: "batch-hard", reduction: "sum" },
  ])("has first and second derivatives with %j", async (keys) => {
    const { rows, labels } = drawBatch(47, 7, 2);
    const { entry, config } = catalogue.choose("loss", {
      name: NAME,
      divergence: "squared-euclidean",
      normalise: false,
      ...keys,
    });
    await checkGradients(
      (x, y) => entry.build({ embeddings: x!, labels: y! }, config, buildContext(catalogue)),
      [ndarray("float64", [7, 3], rows.flat()), ndarray("int32", [7], labels)],
      { name: NAME },
    );
  });

  it("tells training what there was", async () => {
    const batch = drawBatch(53, 8, 3);
    const told = await monitored({ name: NAME, mining: "distance-weighted", margin: 0.4 }, batch);
    const triplets = await mined("distance-weighted", batch);
    expect(told.tuples).toBe(triplets.length);
    expect(told.margin).toBeCloseTo(0.4, 12);
    expect(told.fallback).toBeGreaterThanOrEqual(0);
    const d = matrixOf(
      batch.rows.map((row) => row.map((value) => value / Math.hypot(...row))),
      euclidean,
    );
    const pairs = (alike: boolean) =>
      d.flatMap((row, i) => row.filter((_, j) => i !== j && (batch.labels[i] === batch.labels[j]) === alike));
    const mean = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0) / numbers.length;
    expect(told.positive).toBeCloseTo(mean(pairs(true)), 12);
    expect(told.negative).toBeCloseTo(mean(pairs(false)), 12);
  });

  it.each([
    [{ mining: "semi-hard", miner: "all" }, {}, "MINING_TWICE"],
    [{}, { noise: noiseOf(4) }, "NOISE_UNUSED"],
    [{}, { relations: relationsOf([0, 0, 1, 1]) }, "SUPERVISION_TWICE"],
    [{ miner: "nobody" }, {}, "NAME_UNKNOWN"],
    [{ margin: -1 }, {}, "CONFIG_INVALID"],
  ] as [object, Partial<Batch>, string][])("refuses %j: %#", async (keys, more, code) => {
    const batch = { ...drawBatch(1, 4, 2), ...more };
    await expect(evaluate({ name: NAME, ...keys }, batch)).rejects.toMatchObject({ code });
  });
});

function noiseOf(n: number): number[][] {
  return Array.from({ length: n }, (_, row) => [...Key.fromSeed(row).uniform(n)]);
}

/** What a loss tells training of a batch. */
async function monitored(loss: { readonly name: string; readonly [key: string]: unknown }, { rows, labels }: Batch) {
  const { entry, config } = catalogue.choose("loss", loss);
  const feeds: Record<string, NdArray> = {
    embeddings: ndarray("float64", [rows.length, rows[0]!.length], rows.flat()),
    labels: ndarray("int32", [rows.length], labels!),
  };
  const program = trace({
    name: "monitored",
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build(inputs) {
      const told: Record<string, Tensor> = {};
      const cx = buildContext(catalogue, {}, undefined, (name, value) => {
        told[name] = value;
      });
      const value = entry.build(inputs, config, cx);
      const [slope] = gradients(value, [inputs.embeddings!]);
      return { outputs: { ...told, checksum: sum(mul(slope!, value)) } };
    },
  });
  const results = await runOnce(referenceBackend(), program, feeds);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data[0]!]));
}
