import {
  abs,
  add,
  cast,
  compareRows,
  componentReference,
  defineDivergence,
  defineLoss,
  definePlugin,
  div,
  equal,
  isSemblanceError,
  Key,
  mul,
  ndarray,
  neg,
  pairwiseDifferences,
  relu,
  reshape,
  square,
  sub,
  sum,
} from "@semblance/core";
import { gaussianMixture } from "@semblance/data/portable";
import { GeminiClustering, MetricLearning, type MetricLearningOptions } from "@semblance/estimators";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

/** Two groups that the first column tells apart, beside a column that is louder and says nothing. */
const drawn = gaussianMixture({
  key: Key.fromSeed(3),
  rows: 60,
  means: [
    [-1, 0],
    [1, 0],
  ],
  standardDeviation: 0.3,
  name: "two groups",
});
const noise = Key.fromSeed(5).normal(60);
const rows = Array.from({ length: 60 }, (_, row) => [drawn.features.data[2 * row]!, 100 * noise[row]!]);
const labels = drawn.labels!.indices;

/** The contrastive loss of pairs whose relation is known, by any divergence: what a user would write. */
const pull = defineLoss({
  name: "elsewhere/pull",
  summary: "Similar rows together, dissimilar rows a margin apart.",
  config: z.strictObject({
    divergence: componentReference("divergence").default("squared-euclidean"),
    normalise: z.boolean().default(false),
  }),
  examples: [{}],
  inputs: {
    embeddings: { axes: ["n", "d"], type: "float", description: "x", differentiable: true },
    labels: { axes: ["n"], type: "int32", description: "classes", optional: true },
    relations: { axes: ["n", "n"], type: "float", description: "s", optional: true, domain: "relations" },
  },
  shards: "needs-gather",
  divergence: ({ divergence }) => divergence,
  build({ embeddings, labels, relations }, { divergence, normalise }, cx) {
    const x = embeddings!;
    const distances = compareRows(cx.divergence(divergence), x, { normalise, order: "anchor-first" });
    const same = relations ?? sub(mul(cast(equal(reshape(labels!, [x.shape[0]!, 1]), labels!), x.dtype), 2), 1);
    const pulled = mul(relu(same), distances);
    const pushed = mul(relu(neg(same)), square(relu(sub(1, distances))));
    return div(sum(add(pulled, pushed)), x.shape[0]! ** 2);
  },
});

/** D(x, y) = Σ |w| (2 [x − y]₊ + [y − x]₊): not symmetric, with a weight for each column. */
const uphill = defineDivergence({
  name: "uphill",
  summary: "Steps up count twice.",
  config: z.strictObject({}),
  init: (_, __, { width }) => ({ slope: ndarray("float64", [width], new Float64Array(width).fill(0.5)) }),
  matrix(x, y, _, { parameters }) {
    const steps = pairwiseDifferences(x, y);
    return sum(mul(add(mul(relu(steps), 2), relu(neg(steps))), abs(parameters.slope!)), { axes: [2] });
  },
});

const plugins = [
  definePlugin({
    name: "elsewhere",
    version: "1.0.0",
    core: "^0.1.0",
    register(registry) {
      registry.add(pull);
      registry.add(uphill);
    },
  }),
];
const quick = {
  loss: "elsewhere/pull",
  model: "linear",
  sampler: { name: "shuffle", batchSize: 30 },
  embedding: { width: 3, activation: "none" },
  epochs: 60,
  learningRate: 0.02,
  plugins,
} as const satisfies MetricLearningOptions;
const tilted = { ...quick, divergence: "uphill", epochs: 20 } as const;

/** The share of rows whose nearest other row is of their class. */
const hits = (nearest: ArrayLike<number>) =>
  Array.from(labels, (label, row) => (labels[nearest[row]!] === label ? 1 : 0) as number).reduce((a, b) => a + b) / 60;

const nearestOf = (matrix: (a: number, b: number) => number) =>
  rows.map((_, a) =>
    rows.reduce((best, __, b) => (b !== a && (best < 0 || matrix(a, b) < matrix(a, best)) ? b : best), -1),
  );

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    if (isSemblanceError(error)) return error.code;
    throw error;
  }
  return "no error";
};

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe("MetricLearning", () => {
  let fitted: MetricLearning;
  let asymmetric: MetricLearning;
  beforeAll(async () => {
    fitted = await new MetricLearning(quick).fit(rows, { labels });
    asymmetric = await new MetricLearning(tilted).fit(rows, { labels });
  });
  afterAll(async () => {
    await fitted.dispose();
    await asymmetric.dispose();
  });

  it("brings rows of a class nearer than the raw columns do", async () => {
    const before = hits(nearestOf((a, b) => Math.hypot(rows[a]![0]! - rows[b]![0]!, rows[a]![1]! - rows[b]![1]!)));
    const { indices, divergences } = await fitted.neighbours(rows, { k: 1 });
    expect(before).toBeLessThan(0.8);
    expect(hits(indices.data)).toBeGreaterThan(0.95);
    expect(divergences.shape).toEqual([60, 1]);
    expect(fitted.history).toMatchObject({ reason: "completed", warnings: [] });
  });

  it.each<[string, Parameters<MetricLearning["fit"]>[1]]>([
    [
      "pairs",
      {
        pairs: Array.from({ length: 58 }, (_, row) => [row, row + 2, labels[row] === labels[row + 2]] as const),
      },
    ],
    [
      "triplets",
      {
        triplets: Array.from({ length: 60 }, (_, row) => {
          const other = (same: boolean) =>
            Array.from(labels.keys()).find((at) => at !== row && (labels[at] === labels[row]) === same)!;
          return [row, other(true), other(false)] as const;
        }),
      },
    ],
    ["several labels", { multiLabels: Array.from(labels, (label, row) => [label ? "right" : "left", `row ${row}`]) }],
  ])("learns from %s", async (_, known) => {
    await using estimator = await new MetricLearning({ ...quick, sampler: { name: "shuffle", batchSize: 60 } }).fit(
      rows,
      known,
    );
    expect(hits((await estimator.neighbours(rows, { k: 1 })).indices.data)).toBeGreaterThan(0.9);
  });

  it("takes a data set with its labels, and a network of its own choice by default", async () => {
    const options = { loss: "elsewhere/pull", sampler: quick.sampler, epochs: 2, plugins };
    await using estimator = await new MetricLearning(options).fit(drawn);
    const { model, embedding, task } = estimator.parts().description;
    expect({ task, model: model.name, embedding }).toEqual({
      task: "metric",
      model: "residual",
      embedding: { width: 2, activation: "normalise" },
    });
    const { shape, data } = await estimator.embed(rows);
    expect(shape).toEqual([60, 2]);
    expect(Math.hypot(...data.subarray(0, 2))).toBeCloseTo(1, 5);
  });

  it("compares in the order asked for, by what the divergence has learned", async () => {
    const [a, b] = [rows.slice(0, 4), rows.slice(4, 10)];
    const { arrays } = asymmetric.parts().checkpoint;
    const slope = arrays["loss/divergence.slope"]!.data;
    expect(worst(slope, [0.5, 0.5, 0.5])).toBeGreaterThan(0.01);
    const [x, y] = [await asymmetric.embed(a), await asymmetric.embed(b)];
    const there = await asymmetric.divergence(a, b);
    const back = await asymmetric.divergence(b, a);
    const plain = (p: ArrayLike<number>, i: number, q: ArrayLike<number>, j: number) =>
      [0, 1, 2].reduce((total, axis) => {
        const step = p[3 * i + axis]! - q[3 * j + axis]!;
        return total + Math.abs(slope[axis]!) * (step > 0 ? 2 * step : -step);
      }, 0);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 6; j++) {
        expect(there.data[6 * i + j]).toBeCloseTo(plain(x.data, i, y.data, j), 4);
        expect(back.data[4 * j + i]).toBeCloseTo(plain(y.data, j, x.data, i), 4);
      }
    }
  });

  it.each(["anchor-first", "anchor-second", "both"] as const)("finds neighbours in order %s", async (order) => {
    const { data } = await asymmetric.divergence(rows, rows);
    const by = {
      "anchor-first": (a: number, b: number) => data[60 * a + b]!,
      "anchor-second": (a: number, b: number) => data[60 * b + a]!,
      both: (a: number, b: number) => (data[60 * a + b]! + data[60 * b + a]!) / 2,
    }[order];
    const { indices, divergences } = await asymmetric.neighbours(rows, { k: 5, order });
    for (let query = 0; query < 60; query++) {
      const expected = Array.from({ length: 60 }, (_, row) => row)
        .filter((row) => row !== query)
        .sort((a, b) => by(query, a) - by(query, b));
      const own = indices.data.subarray(5 * query, 5 * query + 5);
      own.forEach((row, at) => {
        expect(by(query, row)).toBeCloseTo(by(query, expected[at]!), 4);
        expect(divergences.data[5 * query + at]).toBeCloseTo(by(query, row), 4);
      });
      expect(own).not.toContain(query);
    }
  });

  it("searches a gallery of its own in parts, and keeps the query where it stands in it", async () => {
    const many = Array.from({ length: 4200 }, (_, at) => [(at % 70) / 10, Math.floor(at / 70)]);
    const { indices } = await fitted.neighbours([many[4150]!, many[3]!], { k: 1, gallery: many });
    expect([...indices.data]).toEqual([4150, 3]);
  });

  it("the same seed gives the same bytes, and is the same after save and load, on another backend too", async () => {
    const bytes = await asymmetric.save();
    await using again = await new MetricLearning(tilted).fit(rows, { labels });
    expect(await again.save()).toEqual(bytes);
    await using loaded = await MetricLearning.load(bytes, { plugins });
    expect(await loaded.divergence(rows, rows)).toEqual(await asymmetric.divergence(rows, rows));
    expect(await loaded.save()).toEqual(bytes);
    await using other = await MetricLearning.load(bytes, { plugins, backend: "reference" });
    const [p, q] = [await other.divergence(rows, rows), await asymmetric.divergence(rows, rows)];
    expect(worst(p.data, q.data)).toBeLessThan(1e-3);
  });

  it("writes model and divergence as one ONNX file, for any number of rows and of a gallery", async () => {
    const { bytes, outputs } = await asymmetric.exportOnnx(rows);
    expect(outputs).toEqual({
      embeddings: "[rows, 3]",
      divergences: "[rows, galleryRows]",
      reverseDivergences: "[rows, galleryRows]",
    });
    const session = await InferenceSession.create(bytes);
    const tensor = (values: ArrayLike<number>, shape: readonly number[]) =>
      new Tensor("float32", Float32Array.from(values), [...shape]);
    for (const [queries, gallery] of [
      [rows.slice(0, 7), rows.slice(7, 30)],
      [rows.slice(0, 1), rows.slice(1, 3)],
    ] as const) {
      const known = await asymmetric.embed(gallery);
      const got = await session.run({
        data: tensor(queries.flat(), [queries.length, 2]),
        gallery: tensor(known.data, known.shape),
      });
      const there = await asymmetric.divergence(queries, gallery);
      const back = await asymmetric.divergence(gallery, queries);
      expect(got.divergences!.dims).toEqual([queries.length, gallery.length]);
      expect(worst(got.divergences!.data as Float32Array, there.data)).toBeLessThan(1e-3);
      queries.forEach((_, i) => {
        gallery.forEach((__, j) => {
          const value = (got.reverseDivergences!.data as Float32Array)[i * gallery.length + j]!;
          expect(value).toBeCloseTo(back.data[j * queries.length + i]!, 3);
        });
      });
    }
    await session.release();
    const symmetric = await fitted.exportOnnx(rows);
    expect(Object.keys(symmetric.outputs)).toEqual(["embeddings", "divergences"]);
  });

  it.each([
    "squared-euclidean",
    "euclidean",
    "cosine",
    "negative-dot",
    "mahalanobis",
    "generalised-kl",
    "itakura-saito",
    "logistic",
    "exponential",
    "max-affine",
    "log-sum-exp",
    "soft-affine",
  ])("compares by %s, in the file as well", async (divergence) => {
    const { embedding: _, ...rest } = quick;
    const options = { ...rest, divergence, embedding: { width: 3 }, epochs: 2, standardise: true };
    await using estimator = await new MetricLearning(options).fit(rows, { labels });
    expect((await estimator.exportOnnx(rows)).outputs.divergences).toBe("[rows, galleryRows]");
    expect((await estimator.divergence(rows, rows.slice(0, 7))).shape).toEqual([60, 7]);
  });

  it.each<[string, () => unknown]>([
    ["NOT_FITTED", () => new MetricLearning(quick).embed(rows)],
    ["CONFIG_KEY_UNKNOWN", () => new MetricLearning({ ...quick, los: "x" } as never)],
    ["CONFIG_INVALID", () => new MetricLearning({ ...quick, embedding: { width: 0 } })],
    ["MINER_UNUSED", () => new MetricLearning({ ...quick, miner: "batch-hard" }).fit(rows, { labels })],
    [
      "DIVERGENCE_UNUSED",
      () => new MetricLearning({ loss: "metric/sup-con", divergence: "cosine" }).fit(rows, { labels }),
    ],
    ["SUPERVISION_UNKNOWN", () => new MetricLearning(quick).fit(rows, { label: labels } as never)],
    ["SUPERVISION_UNKNOWN", () => new MetricLearning(quick).fit(rows, labels as never)],
    ["SUPERVISION_INVALID", () => new MetricLearning(quick).fit(rows, { pairs: [[0, 1]] as never })],
    ["SUPERVISION_INVALID", () => new MetricLearning(quick).fit(rows, { triplets: [[0, 1, 2, 3]] as never })],
    ["CLASS_REPEATS", () => new MetricLearning(quick).fit(rows, { multiLabels: rows.map(() => [0, 1, 0]) })],
    [
      "TRIPLETS_CONTRADICT",
      () =>
        new MetricLearning(quick).fit(rows, {
          triplets: [
            [0, 1, 2],
            [3, 1, 2],
            [0, 2, 1],
          ],
        }),
    ],
    ["CONFIG_INVALID", () => fitted.neighbours(rows, undefined as never)],
    ["CONFIG_INVALID", () => fitted.neighbours(rows, { k: 0 })],
    ["CONFIG_INVALID", () => fitted.neighbours(rows, { k: 1, order: "second" as never })],
    ["CONFIG_KEY_UNKNOWN", () => fitted.neighbours(rows, { K: 2 } as never)],
    ["NAME_UNKNOWN", () => new MetricLearning({ ...quick, loss: "elsewhere/push" }).fit(rows, { labels })],
    ["SUPERVISION_MISSING", () => new MetricLearning(quick).fit(rows)],
    ["SUPERVISION_TWICE", () => new MetricLearning(quick).fit(rows, { labels, pairs: [[0, 1, true]] })],
    ["LABELS_LENGTH", () => new MetricLearning(quick).fit(rows, { labels: [1, 2] })],
    ["ONE_CLASS", () => new MetricLearning(quick).fit(rows, { labels: rows.map(() => "all") })],
    ["NO_CLASS_REPEATED", () => new MetricLearning(quick).fit(rows, { labels: rows.map((_, row) => row) })],
    ["PAIRS_EMPTY", () => new MetricLearning(quick).fit(rows, { pairs: [] })],
    ["ROW_UNKNOWN", () => new MetricLearning(quick).fit(rows, { pairs: [[0, 60, true]] })],
    ["ROW_UNKNOWN", () => new MetricLearning(quick).fit(rows, { pairs: [[0, 1.5, true]] })],
    ["PAIR_WITH_ITSELF", () => new MetricLearning(quick).fit(rows, { pairs: [[3, 3, true]] })],
    ["SIMILARITY_INVALID", () => new MetricLearning(quick).fit(rows, { pairs: [[3, 4, 2]] })],
    ["TRIPLET_REPEATS", () => new MetricLearning(quick).fit(rows, { triplets: [[3, 4, 3]] })],
    ["K_EXCEEDS_GALLERY", () => fitted.neighbours(rows, { k: 60 })],
    ["K_EXCEEDS_GALLERY", () => fitted.neighbours(rows, { k: 3, gallery: rows.slice(0, 2) })],
    ["WIDTH_DIFFERS", () => fitted.divergence(rows, [[1]])],
    ["CELL_NOT_A_NUMBER", () => new MetricLearning(quick).fit([...rows.slice(1), [Number.NaN, 0]], { labels })],
    [
      "EMBEDDING_OUTSIDE_DOMAIN",
      () => new MetricLearning({ ...quick, divergence: "generalised-kl" }).fit(rows, { labels }),
    ],
    ["CHECKPOINT_DAMAGED", () => MetricLearning.load(new Uint8Array(40))],
  ])("%s", async (code, work) => {
    expect(await codeOf(work)).toBe(code);
  });

  it("says which losses take what was given, and what a list of labels is called", async () => {
    const refusal = (options: MetricLearningOptions) =>
      new MetricLearning(options).fit(rows, { labels }).catch((caught: unknown) => caught);
    expect(await refusal({ miner: "semi-hard" })).toMatchObject({
      message: 'loss "metric/multi-similarity", the default here, takes no miner',
      where: "miner",
      fix: expect.stringMatching(/choose a loss that takes one: metric\/contrastive, .*metric\/triplet\.$/),
    });
    expect(await refusal({ loss: "metric/proxy-anchor", divergence: "cosine" })).toMatchObject({
      message: 'loss "metric/proxy-anchor" takes no divergence',
    });
    await expect(new MetricLearning(quick).fit(rows, { label: labels } as never)).rejects.toMatchObject({
      fix: 'Did you mean "labels"?',
    });
  });

  it("is no clustering, and a clustering is no distance", async () => {
    const bytes = await fitted.save();
    await expect(GeminiClustering.load(bytes)).rejects.toMatchObject({
      code: "TASK_DIFFERS",
      fix: expect.stringContaining("MetricLearning.load"),
    });
    await using clustering = await new GeminiClustering({ clusters: 2, epochs: 1 }).fit(rows);
    await expect(MetricLearning.load(await clustering.save())).rejects.toMatchObject({ code: "TASK_DIFFERS" });
    await expect(MetricLearning.load(new Uint8Array(40))).rejects.toMatchObject({
      fix: "Load the bytes that save gave, whole and unchanged.",
    });
  });

  it("reports a contradiction with the chain of pairs that says the opposite", async () => {
    const pairs = [
      [1, 2, true],
      [4, 5, false],
      [2, 3, true],
      [3, 4, true],
      [4, 1, false],
    ] as const;
    const error = await new MetricLearning(quick).fit(rows, { pairs }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "PAIRS_CONTRADICT",
      message: "row 4 and row 1 are said to differ, and to be the same: row 4 = row 3 = row 2 = row 1",
      where:
        "pair 4 (counted from 0), against pair 3 (counted from 0), pair 2 (counted from 0), pair 0 (counted from 0)",
    });
  });

  it("counts classes of one row in a warning, and learns from the others", async () => {
    const known = Array.from(labels, (label, row) => (row < 2 ? `only ${row}` : String(label)));
    await using estimator = await new MetricLearning({ ...quick, epochs: 1 }).fit(rows, { labels: known });
    expect(estimator.history!.warnings[0]).toMatch(/^2 of 4 classes have one row \("only 0", "only 1"\)/);
  });
});
