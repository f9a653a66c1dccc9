import {
  type Arrays,
  type Backend,
  type Chosen,
  type ComponentReference,
  type Dataset,
  type Learner,
  type ScoredEpoch,
  type TrainResult,
  train,
  type Validation,
} from "@semblance/core";
import type { PreparedArray } from "@semblance/data/portable";
import { isBackend, pluginNames } from "./compose.js";
import type { Description } from "./description.js";
import type { Learned } from "./learned.js";
import { named } from "./named.js";
import type { SettledOptions } from "./options.js";

/** A model with weights, and what it takes to use it elsewhere. */
export interface Fitted {
  readonly description: Description;
  readonly learned: Learned;
  readonly state: Arrays;
  /** Steps taken. */
  readonly steps: number;
}

/** What came of a fit, beside the model. */
export interface History {
  readonly reason: TrainResult["reason"];
  /** The mean loss of each epoch. */
  readonly losses: readonly number[];
  /** What a user should know, of the data and of what was learned. */
  readonly warnings: readonly string[];
  /** The epoch, counted from 0, whose weights were kept, with its score; where epochs were validated. */
  readonly selected?: ScoredEpoch;
}

export interface FitLearnerOptions {
  /** What every estimator takes. */
  readonly options: Pick<SettledOptions, "seed" | "backend" | "schedule" | "clipNorm" | "plugins" | "onEvent">;
  readonly backend: Backend;
  readonly learner: Learner;
  /** What is trained on. */
  readonly data: Dataset;
  /** How it was prepared. */
  readonly prepared: PreparedArray;
  readonly sampler: ComponentReference;
  readonly epochs: number;
  readonly learningRate: number;
  readonly lossLearningRate?: number | undefined;
  readonly validation?: Validation | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is known already that a user should know. */
  readonly warnings: readonly string[];
  /** The keys of the description that one estimator alone has. */
  readonly own: Pick<Description, "task"> & { readonly data?: object } & Record<string, unknown>;
}

/** Trains a learner for an estimator, and describes it in the keys of a job. */
export async function fitLearner(fit: FitLearnerOptions): Promise<{ fitted: Fitted; history: History }> {
  const { options, backend, learner, data, prepared, epochs, learningRate, lossLearningRate, validation, signal } = fit;
  const { seed, clipNorm } = options;
  const { catalogue } = learner;
  const warnings = [...prepared.warnings, ...fit.warnings];
  const sampler = catalogue.choose("sampler", fit.sampler, "sampler");
  const schedule = catalogue.choose("schedule", options.schedule, "schedule");
  const rates = {
    ...(lossLearningRate === undefined ? {} : { lossLearningRate }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
  };
  const { reason, losses, selected, state, step } = await train({
    backend,
    learner,
    data,
    sampler,
    schedule,
    learningRate,
    epochs,
    seed,
    ...rates,
    ...(validation ? { validation } : {}),
    ...(signal ? { signal } : {}),
    onEvent: (event) => {
      if (event.type === "warning") warnings.push(event.message);
      options.onEvent?.(event);
    },
  });
  const { data: more, ...own } = fit.own;
  const description: Description = {
    ...own,
    seed,
    backend: isBackend(options.backend) ? { name: backend.name } : named(options.backend),
    data: { source: data.name, ...more },
    model: settled(learner.model),
    loss: settled(learner.loss),
    sampler: settled(sampler),
    optimizer: { ...settled(learner.optimizer), learningRate, schedule: settled(schedule), ...rates },
    epochs,
    plugins: pluginNames(options.plugins),
  };
  const learned: Learned = {
    shape: learner.shape,
    fitted: prepared.fitted,
    ...(data.columns ? { columns: data.columns } : {}),
  };
  return {
    fitted: { description, learned, state, steps: step },
    history: { reason, losses, warnings, ...(selected ? { selected } : {}) },
  };
}

const settled = ({ entry, config }: Chosen<"model" | "loss" | "optimizer" | "schedule" | "sampler">) => ({
  name: entry.name,
  ...(config as Record<string, unknown>),
});
