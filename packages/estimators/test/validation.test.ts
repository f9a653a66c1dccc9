import { isSemblanceError, Key, type Labels, ndarray, type TrainingEvent } from "@semblance/core";
import { gaussianMixture } from "@semblance/data/portable";
import { holdOutRows, MetricLearning, type MetricLearningOptions, selectBest } from "@semblance/estimators";
import { describe, expect, it } from "vitest";

/** Six groups on a circle, beside a louder column that says nothing. */
const CLASSES = 6;
const means = Array.from({ length: CLASSES }, (_, c) => [Math.cos(c), Math.sin(c), 0]);
const groups = gaussianMixture({ key: Key.fromSeed(3), rows: 180, means, standardDeviation: 0.1, name: "groups" });
const noise = Key.fromSeed(4).normal(180);
groups.features.data.forEach((_, at) => {
  if (at % 3 === 2) groups.features.data[at] = 2 * noise[(at - 2) / 3]!;
});
const quick = {
  loss: "metric/contrastive",
  model: "linear",
  sampler: { name: "shuffle", batchSize: 60 },
  embedding: { width: 2, activation: "none" },
  epochs: 8,
  learningRate: 0.05,
} as const satisfies MetricLearningOptions;
const validation = { fraction: 0.25 };

const countsOf = ({ indices, names }: Labels) => names.map((_, label) => indices.filter((own) => own === label).length);
const codeOf = async (work: () => unknown) => {
  try {
    await work();
  } catch (error) {
    if (isSemblanceError(error)) return error.code;
    throw error;
  }
  return "no error";
};

describe("holdOutRows", () => {
  it("holds the same share of each class out, and every row is in one part", () => {
    const { train, held } = holdOutRows(groups, { by: "row", fraction: 0.2, seed: 1 });
    const all = countsOf(groups.labels!);
    expect(countsOf(held.labels!)).toEqual(all.map((count) => Math.round(0.2 * count)));
    expect(countsOf(train.labels!)).toEqual(all.map((count) => count - Math.round(0.2 * count)));
    const keys = ({ features }: typeof train) =>
      Array.from({ length: features.shape[0]! }, (_, row) => features.data.subarray(3 * row, 3 * row + 3).join());
    expect([...keys(train), ...keys(held)].sort()).toEqual(keys(groups).sort());
    expect(holdOutRows(groups, { by: "row", fraction: 0.2, seed: 2 }).held.features).not.toEqual(held.features);
  });

  it("leaves a row of each class to train on, and holds none of a class of one", () => {
    const indices = Int32Array.from(groups.labels!.indices, (_, row) => (row === 0 ? 2 : row < 4 ? 1 : 0));
    const data = { ...groups, labels: { indices, names: ["many", "three", "one"] } };
    const { train, held } = holdOutRows(data, { by: "row", fraction: 0.9, seed: 0 });
    expect(countsOf(train.labels!)).toEqual([18, 1, 1]);
    expect(held.labels).toMatchObject({ names: ["many", "three"] });
    expect(countsOf(held.labels!)).toEqual([158, 2]);
  });

  it("holds whole classes out", () => {
    const { train, held } = holdOutRows(groups, { by: "class", fraction: 0.5, seed: 0 });
    const names = [...train.labels!.names, ...held.labels!.names];
    expect(held.labels!.names).toHaveLength(3);
    expect(names.sort()).toEqual([...groups.labels!.names].sort());
    expect(train.features.shape[0]! + held.features.shape[0]!).toBe(180);
  });
});

describe("pairs that are held out", () => {
  const features = ndarray("float32", [6, 2], Float32Array.of(0, 0, 1, 0, 5, 5, 6, 5, 9, 9, 8, 9));
  const pairs = (...similarity: number[]) => ({
    form: "pairs" as const,
    rows: Int32Array.of(0, 1, 2, 3, 4, 5, 0, 2, 1, 4, 3, 5).subarray(0, 2 * similarity.length),
    similarity: Float32Array.from(similarity),
    otherPairs: "different" as const,
  });
  const asked = { by: "pair", fraction: 0.34, seed: 3 } as const;

  it("are a share of either kind, with the rows that they name", () => {
    const data = { name: "six", features, supervision: pairs(1, 1, 1, -1, -1, -1) };
    const { train, held } = holdOutRows(data, asked);
    const known = [train, held].map(({ supervision }) => supervision as ReturnType<typeof pairs>);
    expect(known.map(({ similarity }) => [...similarity])).toEqual([
      [1, 1, -1, -1],
      [1, -1],
    ]);
    expect(train.features).toBe(features);
    expect(known[1]!.otherPairs).toBe("different");
    // By their new numbers they are the same rows.
    const of = (part: typeof held, supervision: ReturnType<typeof pairs>) =>
      Array.from(supervision.rows, (row) => part.features.data.slice(2 * row, 2 * row + 2).join());
    const all = of({ ...held, features }, data.supervision);
    const apart = [...of(train, known[0]!), ...of(held, known[1]!)];
    expect(apart.sort()).toEqual(all.sort());
    expect(new Set(known[1]!.rows).size).toBe(held.features.shape[0]);
  });

  it("need pairs, and enough of either kind", () => {
    const code = (expected: string) => expect.objectContaining({ code: expected });
    const labels = { indices: Int32Array.of(0, 0, 1, 1, 2, 2), names: ["a", "b", "c"] };
    expect(() => holdOutRows({ name: "six", features, labels }, asked)).toThrowError(code("VALIDATION_NEEDS_PAIRS"));
    const few = { name: "six", features, supervision: pairs(1, 1, 1, -1) };
    expect(() => holdOutRows(few, asked)).toThrowError(code("VALIDATION_TOO_SMALL"));
  });

  it("choose an epoch, and the start where none is better", async () => {
    const relations = Array.from({ length: 30 }, (_, row) => [row, (row + 4) % 40, true] as const);
    const others = Array.from({ length: 30 }, (_, row) => [row, (row + 1) % 40, false] as const);
    const noise = Key.fromSeed(9).normal(40);
    // Rows of four kinds on a circle, so that they are told apart already.
    const rows = Array.from({ length: 40 }, (_, row) => {
      const angle = ((row % 4) * Math.PI) / 2 + 0.05 * noise[row]!;
      return [Math.cos(angle), Math.sin(angle)];
    });
    await using estimator = await new MetricLearning({
      epochs: 2,
      validation: { by: "pair", fraction: 0.3, start: true },
      model: "residual",
    }).fit(rows, { pairs: [...relations, ...others] });
    expect(estimator.history!.selected).toEqual({ epoch: -1, step: 0, score: 1 });
  });
});

describe("MetricLearning with validation", () => {
  it("keeps the epoch that does best on the held-out rows, and says which", async () => {
    const events: TrainingEvent[] = [];
    const options = {
      ...quick,
      learningRate: 3,
      validation: { ...validation, measure: "precision-at-1" },
      onEvent: (event: TrainingEvent) => events.push(event),
    };
    await using estimator = await new MetricLearning(options).fit(groups);
    const scored = events.flatMap((event) => (event.type === "validation" ? [event] : []));
    expect(scored).toHaveLength(8);
    const best = scored.reduce((most, each) => (each.score > most.score ? each : most));
    const { epoch, step, score } = best;
    // Steps this large do not end where they were best.
    expect(epoch).toBeLessThan(7);
    expect(estimator.history!.selected).toEqual({ epoch, step, score });
    // The score can be had again from what was kept.
    const { train, held } = holdOutRows(groups, { by: "row", fraction: 0.25, seed: 0 });
    const { indices } = await estimator.neighbours(held, { k: 1, gallery: train });
    const hit = Array.from(indices.data, (row, at) => train.labels!.indices[row] === held.labels!.indices[at]);
    expect(hit.filter(Boolean).length / hit.length).toBeCloseTo(score, 12);
  });

  it("keeps what it was asked for when saved, and fits the same again", async () => {
    await using estimator = await new MetricLearning({ ...quick, validation }).fit(groups);
    const bytes = await estimator.save();
    await using loaded = await MetricLearning.load(bytes);
    expect(loaded.parts().description.validation).toMatchObject({ by: "row", fraction: 0.25, every: 1 });
    await loaded.fit(groups);
    expect(await loaded.save()).toEqual(bytes);
  });

  it("ends early, scores by class, and looks among fewer rows", async () => {
    const asked = { ...quick, learningRate: 1e-9, validation: { patience: 2, gallery: 20 } };
    await using patient = await new MetricLearning(asked).fit(groups);
    expect(patient.history).toMatchObject({ reason: "stopped-early", selected: { epoch: 0 } });
    expect(patient.history!.losses).toHaveLength(3);
    await using other = await new MetricLearning({ ...quick, validation: { by: "class", fraction: 0.4 } }).fit(groups);
    expect(other.history!.selected!.score).toBeGreaterThan(0);
  });

  it.each<[string, MetricLearningOptions, object?]>([
    ["CONFIG_INVALID", { validation: { fraction: 1 } }],
    ["CONFIG_INVALID", { validation: { patience: 0 } }],
    ["CONFIG_KEY_UNKNOWN", { validation: { patient: 1 } as never }],
    ["CONFIG_KEY_UNKNOWN", { validation: { measure: { name: "knn-accuracy", n: 3 } } }],
    ["VALIDATION_MEASURE_UNSUITED", { validation: { measure: "ari" } }],
    ["VALIDATION_MEASURE_UNSUITED", { validation: { measure: { name: "map-at-r", distance: "cosine" } } }],
    ["VALIDATION_TOO_SMALL", { validation: { fraction: 0.001 } }],
    ["VALIDATION_TOO_SMALL", { validation: { by: "class", fraction: 0.9 } }],
    ["VALIDATION_NEEDS_LABELS", { validation: {}, sampler: "pairs" }, { pairs: [[0, 1, true]] }],
    ["STAGES_TOO_LONG", { warmup: { epochs: 8 }, embedding: { width: 6, activation: "none" } }],
  ])("%s", async (code, options, known) => {
    expect(
      await codeOf(() => new MetricLearning({ ...quick, ...options }).fit(known ? groups.features : groups, known)),
    ).toBe(code);
  });
});

describe("selectBest", () => {
  it("fits each setting and chooses by the held-out rows, of equal ones the first", async () => {
    const fitted: number[] = [];
    const { setting, score, all } = await selectBest([1e-9, 0.05, 2e-9, 0.05], async (learningRate) => {
      fitted.push(learningRate);
      return await new MetricLearning({ ...quick, learningRate, validation }).fit(groups);
    });
    expect(fitted).toEqual([1e-9, 0.05, 2e-9, 0.05]);
    expect(setting).toBe(0.05);
    expect(all[1]!.score).toBe(score);
    expect(all[3]!.score).toBe(score);
    expect(score).toBeGreaterThan(all[0]!.score);
  });

  it("refuses to choose among none, and without a score", async () => {
    expect(await codeOf(() => selectBest([], () => new MetricLearning(quick).fit(groups)))).toBe("SETTINGS_MISSING");
    expect(await codeOf(() => selectBest([1], () => new MetricLearning(quick).fit(groups)))).toBe("VALIDATION_MISSING");
  });
});

describe("the warm-up", () => {
  const hard = { ...quick, loss: { name: "metric/contrastive", divergence: "max-affine" }, epochs: 2 };
  const { embedding: _, ...free } = hard;
  const warmupOf = async (options: MetricLearningOptions) => {
    await using estimator = await new MetricLearning(options).fit(groups);
    const { warmup, stages } = estimator.parts().description;
    return { warmup, stages };
  };
  const cross = "classification/cross-entropy";

  it("is an epoch of cross-entropy for the hard divergence where nothing else is said", async () => {
    const losses: number[] = [];
    const onEvent = (event: TrainingEvent) => event.type === "epoch" && losses.push(event.loss);
    expect(await warmupOf({ ...free, onEvent })).toMatchObject({ warmup: { epochs: 1, loss: { name: cross } } });
    // The first loss is about log 6, that of a guess.
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses[1]).toBeLessThan(1);
  });

  it("is left out where it is refused, where there are stages, and for other divergences", async () => {
    expect(await warmupOf({ ...free, warmup: false })).toEqual({ warmup: false, stages: undefined });
    const stages = [{ epochs: 1, loss: cross }];
    expect((await warmupOf({ ...free, stages })).warmup).toBeUndefined();
    expect((await warmupOf({ ...quick, epochs: 2 })).warmup).toBeUndefined();
    // Two outputs are too few for six classes.
    expect((await warmupOf(hard)).warmup).toBeUndefined();
    expect((await warmupOf({ ...free, epochs: 1 })).warmup).toBeUndefined();
  });

  it("comes before stages where it is asked for, and is the same after save and load", async () => {
    const asked = { ...free, epochs: 4, warmup: { epochs: 1 }, stages: [{ epochs: 1, loss: cross }] };
    await using estimator = await new MetricLearning(asked).fit(groups);
    await using longer = await new MetricLearning({ ...free, epochs: 4, warmup: { epochs: 2 } }).fit(groups);
    expect(estimator.history!.losses).toEqual(longer.history!.losses);
    await using loaded = await MetricLearning.load(await estimator.save());
    await loaded.fit(groups);
    expect(await loaded.save()).toEqual(await estimator.save());
  });
});
