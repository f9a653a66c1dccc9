import { describe, expect, it } from "vitest";
import {
  type Arrays,
  decodeCheckpoint,
  ndarray,
  referenceBackend,
  type TrainingEvent,
  type TrainOptions,
  train,
  type Validation,
} from "../src/index.js";
import { EpochSelection } from "../src/training/select-epoch.js";
import { MemoryStore } from "./memory-store.js";
import { tinyData, tinyLearner } from "./tiny-learner.js";

function options(validation: Partial<Validation>, more: Partial<TrainOptions> = {}): TrainOptions {
  const learner = more.learner ?? tinyLearner();
  return {
    backend: referenceBackend(),
    learner,
    data: tinyData(),
    sampler: learner.catalogue.choose("sampler", "shuffled"),
    schedule: learner.catalogue.choose("schedule", "constant"),
    learningRate: 0.05,
    epochs: 6,
    seed: 7,
    run: "job",
    validation: { name: "score", higherIsBetter: true, every: 1, score: async () => 0, ...validation },
    ...more,
  };
}

/** Scores in a fixed order, and the states that they were given for. */
function listed(scores: readonly number[]) {
  const states: Arrays[] = [];
  const score = async (_: unknown, state: Arrays) => {
    states.push(state);
    return scores[states.length - 1]!;
  };
  return { states, score };
}

/** A score that follows from the weights alone, up and down, so that a resumed run scores alike. */
const fromWeights = async (_: unknown, state: Arrays) => Math.sin(500 * state["model/inner"]!.data[0]!);

const weights = (state: Arrays) =>
  Object.fromEntries(Object.entries(state).filter(([name]) => !name.startsWith("optimizer/")));

describe("validation of epochs", () => {
  it("ends with the weights of the best epoch, and says which it was", async () => {
    const { states, score } = listed([0.1, 0.5, 0.9, 0.9, 0.4, 0.3]);
    const events: TrainingEvent[] = [];
    const store = new MemoryStore();
    const result = await train(options({ score }, { store, onEvent: (event) => events.push(event) }));
    expect(result.selected).toEqual({ epoch: 2, step: 12, score: 0.9 });
    expect(result.step).toBe(24);
    expect(weights(result.state)).toEqual(weights(states[2]!));
    expect(weights(result.state)).not.toEqual(weights(states[5]!));
    const told = events.flatMap((event) => (event.type === "validation" ? [[event.score, event.best]] : []));
    expect(told).toEqual([0.1, 0.5, 0.9, 0.9, 0.4, 0.3].map((each, epoch) => [each, epoch < 3]));
    expect(events.at(-2)).toEqual({ type: "selected", name: "score", epoch: 2, step: 12, score: 0.9 });
    const kept = await decodeCheckpoint(store.checkpoints.at(-1)!.bytes, "memory");
    expect(weights(kept.arrays)).toEqual(weights(states[2]!));
    const lines = store.lines.map((line) => JSON.parse(line)).filter(({ validation }) => validation);
    expect(lines[2]).toEqual({ step: 12, epoch: 2, validation: { score: 0.9 }, best: true });
  });

  it("ends with the weights before the first step where none that were learned are better, and is asked to score them", async () => {
    const { states, score } = listed([0.5, 0.1, 0.5, 0.4, 0.3, 0.2, 0.1]);
    const events: TrainingEvent[] = [];
    const result = await train(options({ score, start: true }, { onEvent: (event) => events.push(event) }));
    expect(result.selected).toEqual({ epoch: -1, step: 0, score: 0.5 });
    expect(weights(result.state)).toEqual(weights(states[0]!));
    expect(weights(result.state)).not.toEqual(weights(states[1]!));
    expect(events[1]).toEqual({ type: "validation", name: "score", epoch: -1, step: 0, score: 0.5, best: true });
  });

  it("takes the lowest of what is better when lower, and no score that is not a number", async () => {
    const scores = [Number.NaN, 0.7, 0.2, Number.NaN, 0.3, 0.2];
    const result = await train(options({ higherIsBetter: false, ...listed(scores) }));
    expect(result.selected).toMatchObject({ epoch: 2, score: 0.2 });
    const none = listed(scores.map(() => Number.NaN));
    const { selected, state } = await train(options(none));
    expect(selected).toBeUndefined();
    expect(state).toEqual(none.states[5]!);
  });

  it("ends once patience has run out", async () => {
    const { states, score } = listed([0.1, 0.5, 0.4, 0.4, 0.9]);
    const result = await train(options({ score, patience: 2 }));
    expect(result).toMatchObject({ reason: "stopped-early", step: 16, selected: { epoch: 1 } });
    expect(weights(result.state)).toEqual(weights(states[1]!));
  });

  it("scores every so many epochs, the last one too, and none of a stage", async () => {
    const epochs: number[] = [];
    const onEvent = (event: TrainingEvent) => event.type === "validation" && epochs.push(event.epoch);
    await train(options({ every: 4 }, { onEvent }));
    expect(epochs).toEqual([3, 5]);
    epochs.length = 0;
    const learner = tinyLearner({ stages: [{ epochs: 2, loss: "information" }] });
    await train(options({}, { learner, onEvent, epochs: 4 }));
    expect(epochs).toEqual([2, 3]);
  });

  it("keeps what the loss owns with the model, and nothing of the optimizer", () => {
    const stateOf = (value: number): Arrays =>
      Object.fromEntries(
        ["model/w", "loss/proxies", "optimizer/w"].map((name) => [name, ndarray("float64", [1], [value])]),
      );
    const selection = new EpochSelection(options({}).validation!);
    selection.take({ best: null, waited: 0 }, { epoch: 0, step: 4, score: 1 }, stateOf(1));
    const { "optimizer/w": moments, ...kept } = selection.withBest(stateOf(2));
    expect(moments).toEqual(stateOf(2)["optimizer/w"]);
    expect(kept).toEqual(weights(stateOf(1)));
  });

  it("does not change how it is trained", async () => {
    const plain = options({});
    const { validation: _, ...without } = plain;
    const events: TrainingEvent[] = [];
    const losses = (await train({ ...without, onEvent: (event) => events.push(event) })).losses;
    expect((await train(options(listed([5, 4, 3, 2, 1, 0])))).losses).toEqual(losses);
    expect(events.some(({ type }) => type === "validation" || type === "selected")).toBe(false);
  });

  it.each([false, true])("ends in the same bytes when interrupted at any step, the start scored: %s", async (start) => {
    const parts = { patience: 3, start, score: fromWeights };
    const whole = new MemoryStore();
    const uninterrupted = await train(options(parts, { store: whole, epochs: 8 }));
    expect(uninterrupted.selected!.step).toBeLessThan(uninterrupted.step);
    for (let stopAt = 1; stopAt < uninterrupted.step; stopAt += 3) {
      const store = new MemoryStore();
      const stop = new AbortController();
      const onEvent = (event: TrainingEvent) => event.type === "step" && event.step === stopAt && stop.abort();
      const part = await train(options(parts, { store, epochs: 8, onEvent, signal: stop.signal }));
      expect(part.reason).toBe("interrupted");
      const rest = await train(options(parts, { store, epochs: 8, resume: true }));
      expect(rest.selected).toEqual(uninterrupted.selected);
      expect(rest.state).toEqual(uninterrupted.state);
      expect(store.lines).toEqual(whole.lines);
      expect(store.checkpoints.at(-1)!.bytes).toEqual(whole.checkpoints.at(-1)!.bytes);
      // A run that has ended is not changed by resuming it.
      const again = await train(options(parts, { store, epochs: 8, resume: true }));
      expect(again.selected).toEqual(uninterrupted.selected);
      expect(store.checkpoints.at(-1)!.bytes).toEqual(whole.checkpoints.at(-1)!.bytes);
    }
  });

  it("gives an interrupted run's caller the best weights so far, and goes on from the others", async () => {
    const { states, score } = listed([0.9, 0.5, 0.4]);
    const stop = new AbortController();
    const store = new MemoryStore();
    const result = await train(
      options(
        { score },
        {
          store,
          signal: stop.signal,
          onEvent: (event) => event.type === "validation" && event.epoch === 1 && stop.abort(),
        },
      ),
    );
    expect(result).toMatchObject({ reason: "interrupted", step: 8, selected: { epoch: 0 } });
    expect(weights(result.state)).toEqual(weights(states[0]!));
    const kept = await decodeCheckpoint(store.checkpoints.at(-1)!.bytes, "memory");
    for (const [name, array] of Object.entries(weights(states[1]!))) expect(kept.arrays[name]).toEqual(array);
    for (const [name, array] of Object.entries(weights(states[0]!))) expect(kept.arrays[`best/${name}`]).toEqual(array);
  });
});
