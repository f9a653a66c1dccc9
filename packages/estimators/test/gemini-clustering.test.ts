import { ortBackend } from "@semblance/backend-ort";
import {
  defineLoss,
  definePlugin,
  isSemblanceError,
  Key,
  mean,
  mul,
  ndarray,
  neg,
  referenceBackend,
  square,
  sub,
  sum,
} from "@semblance/core";
import { gaussianMixture } from "@semblance/data/portable";
import { GeminiClustering, type GeminiClusteringOptions, type Rows } from "@semblance/estimators";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const drawn = gaussianMixture({
  key: Key.fromSeed(3),
  rows: 90,
  means: [
    [-6, 0],
    [6, 0],
    [0, 8],
  ],
  standardDeviation: 1,
  name: "three groups",
});
const rows = Array.from({ length: 90 }, (_, row) => Array.from(drawn.features.data.slice(2 * row, 2 * row + 2)));
const truth = drawn.labels!.indices;
const quick = { clusters: 3, model: { name: "mlp", hidden: [8] }, epochs: 40, batchSize: 45 } as const;

/** Every group in a cluster of its own. */
const finds = (predicted: Int32Array) =>
  [0, 1, 2].every((group) => {
    const clusters = new Set(predicted.filter((_, row) => truth[row] === group));
    return clusters.size === 1 && predicted.filter((cluster) => clusters.has(cluster)).length === count(group);
  });
const count = (group: number) => truth.filter((each) => each === group).length;

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    if (isSemblanceError(error)) return error.code;
    throw error;
  }
  return "no error";
};

describe("GeminiClustering", () => {
  let fitted: GeminiClustering;
  beforeAll(async () => {
    fitted = await new GeminiClustering(quick).fit(rows);
  });
  afterAll(async () => await fitted.dispose());

  it("finds three groups of rows with nothing but their number, and says how it went", async () => {
    await using estimator = await new GeminiClustering({ clusters: 3 }).fit(rows);
    expect(finds(await estimator.predict(rows))).toBe(true);
    expect(estimator.history).toMatchObject({ reason: "completed", warnings: [] });
    expect(estimator.history!.losses).toHaveLength(600);
  });

  it("gives posteriors on the simplex whose largest is the prediction", async () => {
    const { shape, data } = await fitted.predictProbabilities(rows);
    expect(shape).toEqual([90, 3]);
    const predicted = await fitted.predict(rows);
    for (let row = 0; row < 90; row++) {
      const own = Array.from(data.slice(3 * row, 3 * row + 3));
      expect(own[0]! + own[1]! + own[2]!).toBeCloseTo(1, 12);
      expect(own.indexOf(Math.max(...own))).toBe(predicted[row]);
    }
  });

  it("takes lists, arrays and data sets alike", async () => {
    const options: GeminiClusteringOptions = { ...quick, standardise: false };
    const forms: Rows[] = [rows, drawn.features, drawn];
    const saved = await Promise.all(
      forms.map(async (form) => {
        await using estimator = await new GeminiClustering(options).fit(form);
        return await estimator.predictProbabilities(form);
      }),
    );
    expect(saved[1]).toEqual(saved[0]);
    expect(saved[2]).toEqual(saved[0]);
  });

  it("scores predictions by the objective: the mean distance of cluster means for the linear MMD, in float32", async () => {
    await using estimator = await new GeminiClustering({ ...quick, kernel: "linear", standardise: false }).fit(rows);
    const { data: p } = await estimator.predictProbabilities(rows);
    const pi = [0, 1, 2].map((k) => rows.reduce((total, _, row) => total + p[3 * row + k]!, 0) / 90);
    const centre = (weights: (row: number) => number) =>
      [0, 1].map((axis) => rows.reduce((total, row, at) => total + weights(at) * row[axis]!, 0));
    const whole = centre(() => 1 / 90);
    const expected = pi.reduce((total, share, k) => {
      const own = centre((row) => p[3 * row + k]! / (90 * share));
      return total + share * Math.hypot(own[0]! - whole[0]!, own[1]! - whole[1]!);
    }, 0);
    expect(Math.abs((await estimator.score(rows)) / expected - 1)).toBeLessThan(1e-5);
  });

  it("learns and scores with a given matrix where the kernel is precomputed", async () => {
    const gram = Float64Array.from({ length: 8100 }, (_, at) => {
      const [a, b] = [rows[Math.floor(at / 90)]!, rows[at % 90]!];
      return a[0]! * b[0]! + a[1]! * b[1]!;
    });
    const options = { ...quick, kernel: "linear", standardise: false } as const;
    await using linear = await new GeminiClustering(options).fit(rows);
    const { description, checkpoint } = linear.parts();
    const precomputed = { ...description, loss: { ...description.loss, kernel: "precomputed" } };
    await using other = await GeminiClustering.restore(precomputed, checkpoint);
    const affinity = ndarray("float64", [90, 90], gram);
    expect(await other.score(rows, { affinity })).toBeCloseTo(await linear.score(rows), 4);
    await using trained = await new GeminiClustering({ ...options, kernel: "precomputed" }).fit(rows, { affinity });
    expect(finds(await trained.predict(rows))).toBe(true);
    expect(await trained.score(rows, { affinity })).toBeCloseTo(await linear.score(rows), 0);
    // As lists too, which rows may be.
    const lists = rows.map((_, row) => [...gram.subarray(row * 90, row * 90 + 90)]);
    expect(await trained.score(rows, { affinity: lists })).toBe(await trained.score(rows, { affinity }));
    const fit = (given: unknown) =>
      new GeminiClustering({ ...options, kernel: "precomputed" }).fit(rows, { affinity: given as never });
    await using listed = await fit(lists);
    expect(await listed.predict(rows)).toEqual(await trained.predict(rows));
    await expect(fit(lists.slice(1))).rejects.toMatchObject({ code: expect.stringMatching(/^AFFINITY_/) });
    await expect(fit("matrix.npy")).rejects.toMatchObject({ code: "AFFINITY_NOT_ARRAY" });
  });

  it("the same seed gives the same bytes, another seed others", async () => {
    const bytes = async (seed: number) => {
      await using estimator = await new GeminiClustering({ ...quick, epochs: 3, seed }).fit(rows);
      return Buffer.from(await estimator.save()).toString("base64");
    };
    const [first, second, third] = [await bytes(1), await bytes(1), await bytes(2)];
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("is the same after save and load, and saves the same bytes again", async () => {
    const bytes = await fitted.save();
    await using loaded = await GeminiClustering.load(bytes);
    expect(await loaded.predictProbabilities(rows)).toEqual(await fitted.predictProbabilities(rows));
    expect(await loaded.score(rows)).toBe(await fitted.score(rows));
    expect(await loaded.save()).toEqual(bytes);
    expect(loaded.history).toBeUndefined();
  });

  it("predicts on another backend than it was trained on", async () => {
    await using other = await GeminiClustering.load(await fitted.save(), { backend: "reference" });
    const [a, b] = [await other.predictProbabilities(rows), await fitted.predictProbabilities(rows)];
    const worst = a.data.reduce((most, value, at) => Math.max(most, Math.abs(value - b.data[at]!)), 0);
    expect(worst).toBeLessThan(1e-4);
  });

  it("repeats at prediction how the rows were centred and scaled at fit", async () => {
    // The first column in other units: measured by itself, or it would decide alone.
    const mixed = rows.map(([x, y]) => [1000 * x! + 5e5, y!]);
    await using estimator = await new GeminiClustering({ ...quick, epochs: 100 }).fit(mixed);
    expect(finds(await estimator.predict(mixed))).toBe(true);
    const one = await estimator.predict(mixed.slice(7, 8));
    expect(Array.from(one)).toEqual([(await estimator.predict(mixed))[7]]);
  });

  it("writes an ONNX file that takes the rows as they are", async () => {
    const { bytes, input, outputs } = await fitted.exportOnnx(rows);
    expect({ input, outputs }).toEqual({
      input: "rows of shape [2]",
      outputs: { embeddings: "[rows, 8]", logits: "[rows, 3]", posteriors: "[rows, 3]" },
    });
    const session = await InferenceSession.create(bytes);
    const { posteriors } = await session.run({ data: new Tensor("float32", rows.flat(), [90, 2]) });
    const { data } = await fitted.predictProbabilities(rows);
    const got = posteriors!.data as Float32Array;
    expect(got.reduce((most, value, at) => Math.max(most, Math.abs(value - data[at]!)), 0)).toBeLessThan(1e-5);
    await session.release();
  });

  it("regularised information maximisation is a loss by name as well", async () => {
    await using estimator = await new GeminiClustering({ ...quick, model: "linear", loss: "clustering/rim" }).fit(rows);
    expect(new Set(await estimator.predict(rows)).size).toBeGreaterThan(1);
  });

  it("leaves a passed backend to its owner, and gives back its own", async () => {
    const backend = await ortBackend();
    const estimator = await new GeminiClustering({ ...quick, epochs: 2, backend }).fit(rows);
    await estimator.dispose();
    const other = await new GeminiClustering({ ...quick, epochs: 2, backend }).fit(rows);
    expect(await other.predict(rows)).toHaveLength(90);
    await other.dispose();
    await backend.dispose();
    const disposals: string[] = [];
    const watched = () => {
      const inner = referenceBackend();
      return { ...inner, compile: inner.compile.bind(inner), dispose: async () => void disposals.push("given back") };
    };
    const plugin = definePlugin({
      name: "watched-backend",
      version: "1.0.0",
      core: "^0.1.0",
      register: (registry) =>
        registry.add({ kind: "backend", name: "watched", config: z.strictObject({}), create: watched } as never),
    });
    const own = { ...quick, epochs: 1, backend: "watched", plugins: [plugin] } as const;
    {
      await using _ = await new GeminiClustering(own).fit(rows);
      expect(disposals).toEqual([]);
    }
    expect(disposals).toEqual(["given back"]);
    // A first fit that fails has nobody to dispose of what it opened.
    await expect(new GeminiClustering({ ...own, clusters: 91 }).fit(rows)).rejects.toThrow();
    expect(disposals).toHaveLength(2);
  });

  it("calls may overlap", async () => {
    const answers = await Promise.all([
      fitted.predict(rows),
      fitted.predict(rows.slice(0, 3)),
      fitted.score(rows),
      fitted.predict(rows),
    ]);
    expect(answers[3]).toEqual(answers[0]);
    expect(answers[1]).toEqual((answers[0] as Int32Array).slice(0, 3));
  });

  it("stops when asked, and can be used as it then is", async () => {
    const abort = new AbortController();
    await using estimator = new GeminiClustering({
      ...quick,
      onEvent: (event) => {
        if (event.type === "step" && event.step === 3) abort.abort();
      },
    });
    await estimator.fit(rows, { signal: abort.signal });
    expect(estimator.history!.reason).toBe("interrupted");
    expect(await estimator.predict(rows)).toHaveLength(90);
  });

  it("learns with a loss and a regulariser from elsewhere", async () => {
    const even = defineLoss({
      name: "elsewhere/spread",
      summary: "Half the variance of the posteriors.",
      config: z.strictObject({ clusters: z.int() }),
      examples: [{ clusters: 3 }],
      inputs: { posteriors: { axes: ["n", "k"], type: "float", description: "p", differentiable: true } },
      shards: "needs-gather",
      score: (loss) => -loss,
      outputs: ({ clusters }) => clusters,
      build: ({ posteriors }) =>
        neg(mul(0.5, sum(mean(square(sub(posteriors!, mean(posteriors!, { axes: [0], keepDims: true }))))))),
    });
    const plugin = definePlugin({
      name: "elsewhere",
      version: "1.0.0",
      core: "^0.1.0",
      register: (registry) => registry.add(even),
    });
    await using estimator = await new GeminiClustering({
      ...quick,
      loss: "elsewhere/spread",
      regularisers: [{ name: "vat", weight: 0.1 }],
      plugins: [plugin],
    }).fit(rows);
    expect(await estimator.score(rows)).toBeGreaterThan(0);
    expect(estimator.parts().description.plugins).toEqual(["elsewhere"]);
    await using loaded = await GeminiClustering.load(await estimator.save(), { plugins: [plugin] });
    expect(await loaded.predict(rows)).toEqual(await estimator.predict(rows));
  });

  it.each<[string, () => unknown]>([
    ["NOT_FITTED", () => new GeminiClustering(quick).predict(rows)],
    ["NOT_FITTED", () => new GeminiClustering(quick).save()],
    ["NOT_FITTED", () => new GeminiClustering(quick).score(rows)],
    ["WIDTH_DIFFERS", () => fitted.predict([[1, 2, 3]])],
    ["MORE_CLUSTERS_THAN_ROWS", () => new GeminiClustering(quick).fit(rows.slice(0, 2))],
    ["CONFIG_INVALID", () => new GeminiClustering({ ...quick, clusters: 1.5 })],
    ["CONFIG_KEY_UNKNOWN", () => new GeminiClustering({ ...quick, cluster: 3 } as never)],
    ["CONFIG_KEY_UNKNOWN", () => new GeminiClustering({ ...quick, loss: "gemini/kl-ova", kernel: "rbf" }).fit(rows)],
    ["NAME_UNKNOWN", () => new GeminiClustering({ ...quick, loss: "gemini/mmd" }).fit(rows)],
    ["NAME_UNKNOWN", () => new GeminiClustering({ ...quick, backend: "abacus" }).fit(rows)],
    ["ROWS_RAGGED", () => new GeminiClustering(quick).fit([[1, 2], [3], [4, 5], [6, 7]])],
    ["ROWS_INVALID", () => new GeminiClustering(quick).fit([])],
    ["CELL_NOT_A_NUMBER", () => new GeminiClustering(quick).fit([["1", 2]] as never)],
    ["CELL_NOT_A_NUMBER", () => new GeminiClustering(quick).fit([...rows, [Number.NaN, 0]])],
    ["ALL_CONSTANT", () => new GeminiClustering(quick).fit(rows.map(() => [1, 2]))],
    ["AFFINITY_MISSING", () => new GeminiClustering({ ...quick, kernel: "precomputed" }).fit(rows)],
    ["CHECKPOINT_DAMAGED", () => GeminiClustering.load(new Uint8Array(40))],
  ])("%s", async (code, work) => {
    expect(await codeOf(work)).toBe(code);
  });

  it("refuses calls after it was disposed of", async () => {
    const estimator = await new GeminiClustering({ ...quick, epochs: 1 }).fit(rows);
    await estimator.dispose();
    await estimator.dispose();
    expect(await codeOf(() => estimator.predict(rows))).toBe("ESTIMATOR_DISPOSED");
  });

  it("keeps the earlier fit where a later one fails", async () => {
    await using estimator = await new GeminiClustering({ ...quick, epochs: 1 }).fit(rows);
    const before = await estimator.predict(rows);
    expect(await codeOf(() => estimator.fit([[1], [2]]))).toBe("MORE_CLUSTERS_THAN_ROWS");
    expect(await estimator.predict(rows)).toEqual(before);
  });
});
