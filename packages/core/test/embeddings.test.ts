import { describe, expect, it } from "vitest";
import {
  initialState,
  Key,
  ndarray,
  Predictor,
  referenceBackend,
  relationsOf,
  type Supervision,
  type TrainingEvent,
  type TrainOptions,
  train,
} from "../src/index.js";
import { cornersWithLabels, embeddingCatalogue, embeddingLearner } from "./embedding-learner.js";
import { MemoryStore } from "./memory-store.js";
import { tinyData } from "./tiny-learner.js";

const options = (given: Partial<TrainOptions> = {}): TrainOptions => ({
  backend: referenceBackend(),
  learner: embeddingLearner(),
  data: cornersWithLabels(),
  sampler: embeddingCatalogue.choose("sampler", "shuffled"),
  schedule: embeddingCatalogue.choose("schedule", "constant"),
  learningRate: 0.01,
  epochs: 2,
  seed: 3,
  ...given,
});
const events = async (given: Partial<TrainOptions>) => {
  const seen: TrainingEvent[] = [];
  const result = await train(options({ ...given, onEvent: (event) => seen.push(event) }));
  return { result, seen };
};

describe("a loss that compares embeddings", () => {
  it("is given the head's output as embedding, as wide as asked", async () => {
    const learner = embeddingLearner({ embedding: { width: 7, activation: "softmax" } });
    expect(learner.shape).toMatchObject({ outputs: 7, embedding: "softmax" });
    const predictor = new Predictor(referenceBackend(), learner);
    await predictor.use(initialState(learner, Key.fromSeed(0), "float64"));
    const made = await predictor.predict(tinyData().features);
    await predictor.dispose();
    expect(Object.keys(made)).toEqual(["embeddings"]);
    expect(made.embeddings!.shape).toEqual([50, 7]);
    const first = Array.from(made.embeddings!.data.slice(0, 7));
    expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  });

  it("keeps its own weights and its divergence's, moves some by itself and others by gradient", async () => {
    const { result } = await events({});
    expect(Object.keys(result.state).filter((name) => name.startsWith("loss/"))).toEqual([
      "loss/centre",
      "loss/divergence.scale",
    ]);
    expect(result.state["loss/divergence.scale"]!.data[0]).not.toBe(2);
    expect(result.state["loss/centre"]!.data[0]).not.toBe(0);
  });

  it("moves its weights at a rate of their own", async () => {
    const still = await train(options({ lossLearningRate: 1e-9 }));
    expect(still.state["loss/divergence.scale"]!.data[0]).toBeCloseTo(2, 6);
    const same = await train(options({ lossLearningRate: 0.01 }));
    const plain = await train(options());
    expect(same.state).toEqual(plain.state);
  });

  it("refuses a divergence whose domain the embedding leaves, and says which activation keeps it", () => {
    expect(() => embeddingLearner({ loss: { name: "pull", divergence: "positive" } })).toThrowError(
      expect.objectContaining({
        code: "EMBEDDING_OUTSIDE_DOMAIN",
        fix: "Set embedding.activation: softplus or sigmoid or softmax.",
      }),
    );
    expect(() => embeddingLearner({ loss: "information" })).toThrowError(
      expect.objectContaining({ code: "EMBEDDING_UNUSED" }),
    );
  });

  it("asks for labels or relations", () => {
    expect(() => embeddingLearner({ data: tinyData() })).toThrowError(
      expect.objectContaining({ code: "LABELS_MISSING", fix: expect.stringContaining("pairs") }),
    );
  });

  it("draws its noise by the step's number: resumed runs end in the same bytes", async () => {
    const noisy = () => embeddingLearner({ loss: { name: "pull", noisy: true } });
    const whole = await train(options({ learner: noisy(), epochs: 4 }));
    const store = new MemoryStore();
    await train(options({ learner: noisy(), epochs: 4, signal: AbortSignal.abort(), store }));
    const resumed = await train(options({ learner: noisy(), epochs: 4, store, resume: true }));
    expect(resumed.state).toEqual(whole.state);
    expect(whole.state).not.toEqual((await train(options({ epochs: 4 }))).state);
  });

  it("tells what it watches, epoch by epoch", async () => {
    const { seen } = await events({});
    const epoch = seen.find(({ type }) => type === "epoch");
    expect(epoch).toMatchObject({ monitors: { tuples: [expect.any(Number)] } });
  });

  it("tells what the sampler noticed, and hands it the supervision", async () => {
    const supervision: Supervision = { form: "pairs", rows: Int32Array.of(0, 1), similarity: Float32Array.of(1) };
    const data = { ...tinyData(), supervision };
    const given: unknown[] = [];
    const { entry, config } = embeddingCatalogue.choose("sampler", "shuffled");
    const create: typeof entry.create = (asked) => {
      given.push(asked.supervision);
      const sampler = entry.create(asked);
      return {
        batchesPerEpoch: sampler.batchesPerEpoch,
        next: () => sampler.next(),
        state: () => sampler.state(),
        restore: (state) => sampler.restore(state),
        warnings: ["2 of 3 classes are too small"],
      };
    };
    const sampler = { catalogue: embeddingCatalogue, entry: { ...entry, create }, config };
    const { seen } = await events({ data, learner: embeddingLearner({ data }), epochs: 1, sampler });
    expect(seen).toContainEqual({
      type: "warning",
      code: "DATA",
      step: 0,
      message: "2 of 3 classes are too small",
    });
    expect(given.length > 0 && given.every((each) => each === supervision)).toBe(true);
  });

  it("warns of batches with nothing to compare", async () => {
    const supervision: Supervision = { form: "pairs", rows: Int32Array.of(0, 1), similarity: Float32Array.of(1) };
    const data = { ...tinyData(), supervision };
    const { seen } = await events({ data, learner: embeddingLearner({ data }), epochs: 1 });
    expect(seen).toContainEqual(expect.objectContaining({ type: "warning", code: "NOTHING_TO_COMPARE" }));
  });
});

describe("stages", () => {
  it("come first, each with its own loss, on one set of weights", async () => {
    const learner = embeddingLearner({ stages: [{ epochs: 1, loss: { name: "pull", noisy: true } }] });
    const { seen, result } = await events({ learner, epochs: 3 });
    expect(seen.filter(({ type }) => type === "epoch")).toHaveLength(3);
    const noisy = await train(
      options({ learner: embeddingLearner({ loss: { name: "pull", noisy: true } }), epochs: 1 }),
    );
    const staged = await train(options({ learner, epochs: 1 }));
    expect(staged.state).toEqual(noisy.state);
    expect(result.state).not.toEqual(noisy.state);
  });

  it("refuse a loss that brings weights of its own", () => {
    const stages = [{ epochs: 1, loss: { name: "pull" } }];
    expect(() => embeddingLearner({ loss: { name: "pull", divergence: "squared" }, stages })).toThrowError(
      expect.objectContaining({ code: "NAME_UNKNOWN" }),
    );
    expect(() =>
      embeddingLearner({
        loss: { name: "pull", divergence: "positive" },
        embedding: { activation: "sigmoid" },
        stages,
      }),
    ).toThrowError(expect.objectContaining({ code: "STAGE_OWNS_WEIGHTS" }));
  });

  it("refuse more classes than the head has outputs", () => {
    const stages = [{ epochs: 1, loss: { name: "information", clusters: 9 } }];
    expect(() => embeddingLearner({ stages })).toThrowError(expect.objectContaining({ code: "STAGE_NEEDS_CLASSES" }));
  });
});

describe("relations", () => {
  const at = (matrix: Float32Array, size: number) => (i: number, j: number) => matrix[i * size + j];

  it("of pairs hold both ways, and are 0 where nothing is known", () => {
    const relate = relationsOf({
      form: "pairs",
      rows: Int32Array.of(4, 7, 4, 9),
      similarity: Float32Array.of(1, -1),
    });
    const of = at(relate(Int32Array.of(9, 4, 7, 5)), 4);
    expect([of(1, 2), of(2, 1), of(0, 1), of(0, 3), of(0, 0)]).toEqual([1, 1, -1, 0, 0]);
  });

  it("of triplets are the anchor's alone", () => {
    const of = at(relationsOf({ form: "triplets", rows: Int32Array.of(0, 1, 2) })(Int32Array.of(0, 1, 2)), 3);
    expect([of(0, 1), of(0, 2), of(1, 0), of(1, 2)]).toEqual([1, -1, 0, 0]);
  });

  it("of several labels join rows that share one", () => {
    const memberships = ndarray("float32", [3, 2], [1, 0, 1, 1, 0, 1]);
    const relate = relationsOf({ form: "multi-labels", memberships, names: ["a", "b"] });
    const of = at(relate(Int32Array.of(0, 1, 2)), 3);
    expect([of(0, 1), of(1, 2), of(0, 2)]).toEqual([1, 1, -1]);
  });
});
