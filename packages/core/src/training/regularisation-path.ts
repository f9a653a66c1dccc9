import type { Chosen } from "../container/catalogue.js";
import type { Arrays, Backend } from "../contracts/backend.js";
import type { Dataset } from "../contracts/dataset.js";
import type { BatchSampler } from "../contracts/sampler.js";
import { ConfigError, DivergedError } from "../errors.js";
import { Key } from "../random/key.js";
import type { PreparedAffinity } from "./affinity/prepare-affinity.js";
import { MODEL } from "./apply-model.js";
import type { Learner } from "./learner.js";
import { batchSampler, prepareTraining } from "./prepare-training.js";
import { TERM } from "./regulariser-step.js";
import { StepRunner } from "./step-runner.js";
import { initialState } from "./train-step.js";

export interface RegularisationPathOptions {
  readonly backend: Backend;
  /** A learner with one regulariser that selects features, such as group-lasso; its weight is where the path begins. */
  readonly learner: Learner;
  readonly data: Dataset;
  readonly sampler: Chosen<"sampler">;
  readonly learningRate: number;
  /** Epochs of the training without penalty, and the most of each step of the path. */
  readonly epochs: number;
  readonly seed: number;
  /** What the weight is multiplied by from step to step; 1.05 by default. */
  readonly growth?: number;
  /** The path ends once no more features than these are selected; 2 by default. */
  readonly minimumFeatures?: number;
  /** Epochs without improvement after which a step of the path ends; 10 by default. */
  readonly patience?: number;
  /** What counts as one: a score above (2 − threshold)·best or a penalty below threshold·best; 0.99 by default. */
  readonly improvementThreshold?: number;
  /** The share of the best score with all features that a step must reach to be kept; 0.9 by default. */
  readonly keepThreshold?: number;
  /** The path ends after so many steps whatever is selected; 1000 by default. */
  readonly maximumSteps?: number;
  readonly onStep?: (step: PathStep) => void;
}

/** A stage of the path, after its training. */
export interface PathStep {
  /** The weight of the penalty; 0 for the training that comes before the path. */
  readonly weight: number;
  /** The objective without the penalty in the literature's sign, as the mean over the batches of the last epoch. */
  readonly score: number;
  /** The penalty without its weight, as that mean. */
  readonly penalty: number;
  /** The features that are selected. */
  readonly selected: readonly number[];
  readonly epochs: number;
}

export interface RegularisationPath {
  /** The training without penalty. */
  readonly start: PathStep;
  /** Histories of score, penalty, weight and features. */
  readonly steps: readonly PathStep[];
  /** The last stage whose score reaches keepThreshold times the best one with all features, and the weights of the model then. */
  readonly kept: PathStep;
  readonly state: Arrays;
  readonly reason: "minimum-features" | "maximum-steps";
}

/**
 * Trains a sparse model along a path of growing penalties, so that features leave one after the other.
 *
 * First without penalty by the learner's own optimizer; then by gradient descent with Nesterov momentum 0.9, the penalty's weight
 * growing by a factor from step to step, each starting where the one before ended.
 *
 * @throws ConfigError NOTHING_SELECTS, PATH_INVALID; DivergedError LOSS_NOT_FINITE
 *
 * Source   Lemhadri et al., LassoNet: A Neural Network with Feature Sparsity, JMLR 22 (2021), algorithm 1
 */
export async function regularisationPath(options: RegularisationPathOptions): Promise<RegularisationPath> {
  requireValid(options);
  const { learner, growth = 1.05, minimumFeatures = 2, keepThreshold = 0.9, maximumSteps = 1000, onStep } = options;
  const path = new Path(options);
  try {
    await path.prepare();
    const start = await path.train(0, false);
    onStep?.(start);
    await path.descend();
    const features = start.selected.length;
    let fullScore = start.score;
    let kept: { step: PathStep; state: Arrays } = { step: start, state: path.modelState() };
    const steps: PathStep[] = [];
    let weight = learner.regularisers[path.selecting]!.weight;
    while (steps.length < maximumSteps && (steps.at(-1) ?? start).selected.length > minimumFeatures) {
      const step = await path.train(weight, true);
      steps.push(step);
      onStep?.(step);
      if (step.selected.length === features) fullScore = Math.max(fullScore, step.score);
      if (step.score >= keepThreshold * fullScore) kept = { step, state: path.modelState() };
      weight *= growth;
    }
    const done = (steps.at(-1) ?? start).selected.length <= minimumFeatures;
    return {
      start,
      steps,
      kept: kept.step,
      state: kept.state,
      reason: done ? "minimum-features" : "maximum-steps",
    };
  } finally {
    await path.dispose();
  }
}

/** The training under way: one sampler and one count of steps for all stages. */
class Path {
  /** Which regulariser selects features. */
  readonly selecting: number;
  readonly #key: Key;
  readonly #sampler: BatchSampler;
  #runner: StepRunner;
  #learner: Learner;
  #affinity: PreparedAffinity | undefined;
  #step = 0;

  constructor(private readonly options: RegularisationPathOptions) {
    const { backend, learner, data, sampler, seed } = options;
    this.selecting = learner.regularisers.findIndex(({ active }) => active.selected && active.proximal);
    this.#key = Key.fromSeed(seed);
    this.#learner = learner;
    this.#sampler = batchSampler({ data, sampler, seed });
    this.#runner = this.#runnerFor(learner, initialState(learner, this.#key, backend.float));
  }

  #runnerFor(learner: Learner, state: Arrays): StepRunner {
    const { backend, data } = this.options;
    const runner = new StepRunner({ backend, learner, data, key: this.#key }, state);
    runner.useAffinity(this.#affinity);
    return runner;
  }

  /** Works out once what the loss compares rows by. */
  async prepare(): Promise<void> {
    this.#affinity = (await prepareTraining(this.options)).affinity;
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

  /** One stage: all epochs, or until neither score nor penalty improves. */
  async train(weight: number, mayStop: boolean): Promise<PathStep> {
    const { epochs, patience = 10, improvementThreshold: threshold = 0.99 } = this.options;
    let bestScore = Number.NEGATIVE_INFINITY;
    let bestPenalty = Number.POSITIVE_INFINITY;
    let waited = 0;
    let epoch = 0;
    let last = { score: Number.NaN, penalty: Number.NaN };
    while (epoch < epochs && !(mayStop && waited >= patience)) {
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
    const { learningRate } = this.options;
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
      if (batch.lastOfEpoch) return { score: score / batches, penalty: penalty / batches };
    }
  }

  /** The weights of the model, as they were last read. */
  modelState(): Arrays {
    return Object.fromEntries(Object.entries(this.#runner.state).filter(([name]) => name.startsWith(MODEL)));
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

function requireValid({ learner, growth = 1.05, ...options }: RegularisationPathOptions): void {
  const selecting = learner.regularisers.filter(({ active }) => active.selected && active.proximal && active.penalty);
  if (selecting.length !== 1) {
    throw new ConfigError("NOTHING_SELECTS", `${selecting.length} of the learner's regularisers select features`, {
      where: "regularisationPath",
      fix: 'Give the learner exactly one, such as regularisers: ["group-lasso"].',
    });
  }
  const wrong = [
    [growth > 1, "growth is a number above 1"],
    [selecting[0]!.weight > 0, "the path begins at the regulariser's weight, which is above 0"],
    [Number.isInteger(options.epochs) && options.epochs > 0, "epochs is a whole number from 1"],
    [(options.patience ?? 10) >= 1, "patience is a number from 1"],
    [(options.minimumFeatures ?? 2) >= 0, "minimumFeatures is a number from 0"],
  ].find(([fits]) => !fits);
  if (!wrong) return;
  throw new ConfigError("PATH_INVALID", String(wrong[1]), {
    where: "regularisationPath",
    fix: "Correct the option, or leave it out for its default.",
  });
}
