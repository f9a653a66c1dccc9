import { describe, expect, it } from "vitest";
import { referenceBackend, type TrainOptions, train } from "../src/index.js";
import { MemoryStore } from "./memory-store.js";
import { oneStep, regularised } from "./regularised-run.js";
import { tinyData } from "./tiny-learner.js";

const everything = [
  { name: "vat", weight: 0.5, epsilon: 0.3 },
  { name: "entropy", weight: 0.1 },
  { name: "constraints", mustLink: [[0, 3]], cannotLink: [[1, 2]], factor: 0.5 },
  { name: "group-lasso", parameter: "inner" },
];

function options(more: Partial<TrainOptions> = {}): TrainOptions {
  const learner = more.learner ?? regularised(everything);
  return {
    backend: referenceBackend(),
    learner,
    data: tinyData(),
    sampler: learner.catalogue.choose("sampler", "shuffled"),
    schedule: learner.catalogue.choose("schedule", { name: "cosine", warmupSteps: 3 }),
    learningRate: 0.05,
    epochs: 3,
    seed: 7,
    run: "job",
    ...more,
  };
}

describe("training with regularisers", () => {
  it("ends in the same bytes when interrupted at any step, noise and all", async () => {
    const whole = new MemoryStore();
    await train(options({ store: whole }));
    for (const stopAt of [1, 3, 4, 6, 11]) {
      const store = new MemoryStore();
      const stop = new AbortController();
      const parts = options({
        store,
        onEvent: (event) => event.type === "step" && event.step === stopAt && stop.abort(),
      });
      expect((await train({ ...parts, signal: stop.signal })).reason).toBe("interrupted");
      expect((await train({ ...parts, resume: true })).reason).toBe("completed");
      expect(store.lines).toEqual(whole.lines);
      expect(store.checkpoints.at(-1)!.bytes).toEqual(whole.checkpoints.at(-1)!.bytes);
    }
    const other = new MemoryStore();
    await train(options({ store: other, seed: 8 }));
    expect(other.lines).not.toEqual(whole.lines);
  });

  it("keeps every term in the metrics, so that the loss is the objective and what they add", async () => {
    const store = new MemoryStore();
    const epochs: Readonly<Record<string, number>>[] = [];
    await train(options({ store, onEvent: (event) => event.type === "epoch" && epochs.push(event.terms!) }));
    const lines = store.lines.map((line) => JSON.parse(line));
    for (const { loss, objective, terms } of lines) {
      expect(Object.keys(terms)).toEqual(["vat", "entropy", "constraints", "group-lasso"]);
      expect(loss).toBeCloseTo(objective + 0.5 * terms.vat + 0.1 * terms.entropy + terms.constraints, 12);
      expect(terms["group-lasso"]).toBeGreaterThan(0);
    }
    expect(epochs).toHaveLength(3);
    const firstEpoch = lines.filter(({ epoch }) => epoch === 0);
    const meanVat = firstEpoch.reduce((sum, { terms }) => sum + terms.vat, 0) / firstEpoch.length;
    expect(epochs[0]!.vat).toBeCloseTo(meanVat, 12);
  });

  it("leaves a run without them as it was: no terms, no objective", async () => {
    const store = new MemoryStore();
    await train(options({ store, learner: regularised([]) }));
    expect(Object.keys(JSON.parse(store.lines[0]!))).toEqual(["step", "epoch", "loss", "learningRate"]);
  });

  it("draws other noise in each step and the same in a step that is repeated", async () => {
    const learner = regularised(["vat"]);
    const noise = async (step: number) => {
      const { feeds } = await oneStep(learner, { step });
      return [...feeds["regulariser/0/fed/noise"]!.data];
    };
    expect(await noise(1)).toEqual(await noise(1));
    expect(await noise(1)).not.toEqual(await noise(2));
    expect(Math.max(...(await noise(3)).map(Math.abs))).toBeLessThanOrEqual(0.5);
  });

  it("numbers regularisers of one name, each with its own weight and noise", async () => {
    const { results, feeds } = await oneStep(regularised(["vat", { name: "vat", weight: 3 }]));
    expect(Object.keys(results).filter((name) => name.startsWith("term/"))).toEqual(["term/vat", "term/vat 2"]);
    expect(feeds["regulariser/1/weight"]!.data[0]).toBe(3);
    expect(feeds["regulariser/0/fed/noise"]!.data).not.toEqual(feeds["regulariser/1/fed/noise"]!.data);
  });

  it.each([
    ["a name that there is not", "vatt", /no regulariser named "vatt"/],
    ["a negative weight", { name: "vat", weight: -1 }, /"weight": a number from 0, not -1/],
    ["an unknown key", { name: "vat", epsilom: 1 }, /unknown key "epsilom"/],
    ["weights that the model has not", { name: "group-lasso", parameter: "iner" }, /no weights named "iner"/],
    [
      "overlapping groups",
      { name: "group-lasso", parameter: "inner", groups: [[0], [1, 0]] },
      /feature 0 is in groups 0 and 1/,
    ],
    ["a feature twice", { name: "group-lasso", parameter: "inner", groups: [[0, 0]] }, /feature 0 is twice in group 0/],
    [
      "a feature that there is not",
      { name: "group-lasso", parameter: "inner", groups: [[2]] },
      /group 0 names feature 2 of 2/,
    ],
    [
      "weights of different features",
      { name: "hierarchical-lasso", skip: "inner", hidden: "outer" },
      /"inner" is \[2, 5\] and "outer" is \[5, 3\]/,
    ],
  ])("refuses %s before anything runs", (_, reference, message) => {
    expect(() => regularised([reference as never])).toThrow(message);
  });
});
