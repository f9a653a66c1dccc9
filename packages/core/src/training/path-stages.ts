import { sizeOf } from "../arrays/nd-array.js";
import type { Arrays } from "../contracts/backend.js";
import type { BatchSampler } from "../contracts/sampler.js";
import { DivergedError } from "../errors.js";
import { givingWay } from "../execution/giving-way.js";
import { Key } from "../random/key.js";
import type { PreparedAffinity } from "./affinity/prepare-affinity.js";
import { selectedAffinity } from "./affinity/selected-affinity.js";
import { MODEL } from "./apply-model.js";
import type { Learner } from "./learner.js";
import { batchSampler, prepareTraining } from "./prepare-training.js";
import type { KeptStage, PathStep, RegularisationPathOptions } from "./regularisation-path.js";
import { TERM, termsOf } from "./regulariser-step.js";
import { StepRunner } from "./step-runner.js";
import { initialState } from "./train-step.js";

/** The training of a regularisation path: one sampler and one count of batches for all stages. */
export class PathStages {
  /** Which regulariser selects features. */
  readonly selecting: number;
  readonly #key: Key;
  readonly #giveWay = givingWay();
  readonly #sampler: BatchSampler;
  #runner: StepRunner;
  #learner: Learner;
  #affinity: PreparedAffinity | undefined;
  #step = 0;
  #epochs = 0;
  #comparedBy: readonly number[] = [];

  constructor(private readonly options: RegularisationPathOptions) {
    const { backend, learner, data, sampler, seed } = options;
    this.selecting = learner.regularisers.findIndex(({ active }) => active.selected && active.proximal);
    this.#key = Key.fromSeed(seed);
    this.#learner = learner;
    this.#sampler = batchSampler({ data, sampler, seed });
    this.#runner = this.#runnerFor(learner, initialState(learner, this.#key, backend.float));
  }

  #runnerFor(learner: Learner, state: Arrays): StepRunner {
    const { backend, data, clipNorm } = this.options;
    const clip = clipNorm === undefined ? {} : { clipNorm };
    const runner = new StepRunner({ backend, learner, data, key: this.#key, ...clip }, state);
    runner.useAffinity(this.#affinity);
    return runner;
  }

  /** Works out what the loss compares rows by: once, or for all features to begin with. */
  async prepare(): Promise<void> {
    const { dynamic, prepared, data } = this.options;
    if (dynamic) return await this.compareBy([...Array(sizeOf(data.features.shape.slice(1))).keys()]);
    this.#affinity = (prepared ?? (await prepareTraining(this.options))).affinity;
    this.#runner.useAffinity(this.#affinity);
  }

  /** Compares rows by these features and no others from now on. */
  async compareBy(features: readonly number[]): Promise<void> {
    if (features.join() === this.#comparedBy.join()) return;
    this.#comparedBy = features;
    this.#affinity = await selectedAffinity(this.options, features);
    this.#runner.useAffinity(this.#affinity);
  }

  /** Goes on with gradient descent and Nesterov momentum, from the present weights and at rest. */
  async descend(): Promise<void> {
    const { learner, backend } = this.options;
    const optimizer = learner.catalogue.choose("optimizer", { name: "sgd", momentum: 0.9, nesterov: true });
    this.#learner = { ...learner, optimizer };
    const weights = await this.#runner.read();
    await this.#runner.dispose();
    const rest = initialState(this.#learner, this.#key, backend.float);
    const state = Object.fromEntries(Object.entries(rest).map(([name, array]) => [name, weights[name] ?? array]));
    this.#runner = this.#runnerFor(this.#learner, state);
  }

  /** One stage: all epochs, or until neither score nor penalty improves, or until the signal. */
  async train(weight: number, mayStop: boolean): Promise<PathStep> {
    const { epochs, patience = 10, improvementThreshold: threshold = 0.99 } = this.options;
    let bestScore = Number.NEGATIVE_INFINITY;
    let bestPenalty = Number.POSITIVE_INFINITY;
    let waited = 0;
    let epoch = 0;
    let last = { score: Number.NaN, penalty: Number.NaN };
    while (epoch < epochs && !(mayStop && waited >= patience) && !this.options.signal?.aborted) {
      last = await this.#epoch(weight);
      epoch++;
      // For scores above 0 this is (2 − threshold)·best; below 0, where a score of another family may be, as much above the best.
      const better = !(last.score <= bestScore + (1 - threshold) * Math.abs(bestScore));
      const smaller = last.penalty < threshold * bestPenalty;
      if (better || bestScore === Number.NEGATIVE_INFINITY) bestScore = last.score;
      if (smaller) bestPenalty = last.penalty;
      waited = better || smaller ? 0 : waited + 1;
    }
    const selected = this.#learner.regularisers[this.selecting]!.active.selected!(
      parametersOf(await this.#runner.read()),
    );
    return { weight, ...last, selected, epochs: epoch };
  }

  /** Means over the batches of an epoch. */
  async #epoch(weight: number): Promise<{ score: number; penalty: number }> {
    const { learningRate, signal, onBatch } = this.options;
    const { loss, regularisers } = this.#learner;
    const weights = regularisers.map((each, index) => (index === this.selecting ? weight : each.weight));
    const term = TERM + regularisers[this.selecting]!.label;
    let [score, penalty, batches] = [0, 0, 0];
    for (;;) {
      const batch = this.#sampler.next();
      this.#step++;
      const results = await this.#runner.run({ step: this.#step, indices: batch.indices, learningRate, weights });
      const value = (results.objective ?? results.loss!).data[0]!;
      if (!Number.isFinite(value)) {
        throw new DivergedError("LOSS_NOT_FINITE", `the loss became ${value} at step ${this.#step} of the path`, {
          where: `loss "${loss.entry.name}", penalty of weight ${weight}`,
          fix: "Lower the learning rate, or standardise the data.",
        });
      }
      score += loss.entry.score?.(value) ?? -value;
      penalty += results[term]!.data[0]!;
      batches++;
      const told = { step: this.#step, epoch: this.#epochs, weight, objective: value };
      onBatch?.({ ...told, loss: results.loss!.data[0]!, terms: termsOf(results) });
      await this.#giveWay();
      if (batch.lastOfEpoch) this.#epochs++;
      if (batch.lastOfEpoch || signal?.aborted) return { score: score / batches, penalty: penalty / batches };
    }
  }

  /** A stage that has just ended, with the weights of the model. */
  async keep(stage: PathStep): Promise<KeptStage> {
    const all = Object.entries(await this.#runner.read());
    const state = Object.fromEntries(all.filter(([name]) => name.startsWith(MODEL)));
    return { stage, state, batches: this.#step };
  }

  async dispose(): Promise<void> {
    await this.#runner.dispose();
  }
}

function parametersOf(state: Arrays): Arrays {
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, array]) =>
      name.startsWith(MODEL) ? [[name.slice(MODEL.length), array]] : [],
    ),
  );
}
