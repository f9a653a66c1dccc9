import {
  type Arrays,
  type Backend,
  type Catalogue,
  type Chosen,
  type ComponentReference,
  createLearner,
  type Dataset,
  type NdArray,
  ndarray,
  rowsOf,
  type ScoredEpoch,
  type TrainResult,
  train,
} from "@semblance/core";
import { prepareArray } from "@semblance/data/portable";
import { clusterDefaults, lossDefaults } from "./cluster-defaults.js";
import { isBackend, pluginNames } from "./compose.js";
import type { Description } from "./description.js";
import type { Learned } from "./learned.js";
import type { SettledOptions } from "./options.js";
import { type Affinity, givenAffinity, givenRows, type Rows } from "./rows.js";

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
  /** What a user should know, of the data and of the clusters. */
  readonly warnings: readonly string[];
  /** The epoch, counted from 0, whose weights were kept, with its score; where epochs were validated. */
  readonly selected?: ScoredEpoch;
}

export interface FitOptions {
  /** All pairs of the rows [n, n], for a kernel or distance that is `precomputed`. */
  readonly affinity?: Affinity;
  /** Ends the fit after the step under way; the model is then what it was by then. */
  readonly signal?: AbortSignal;
}

interface Setting extends FitOptions {
  readonly options: SettledOptions;
  readonly catalogue: Catalogue;
  readonly backend: Backend;
}

/** Trains a model on rows as `semblance cluster` would. */
export async function fitClustering(rows: Rows, setting: Setting): Promise<{ fitted: Fitted; history: History }> {
  const { options, catalogue, backend, affinity, signal } = setting;
  const { array, dataset } = givenRows(rows);
  const prepared = prepareArray(array, {
    name: dataset?.name ?? "data",
    standardise: options.standardise ?? (dataset === undefined && array.shape.length <= 2 ? "auto" : false),
  });
  const data: Dataset = {
    ...dataset,
    ...prepared.data,
    ...(affinity ? { affinity: inFloat32(givenAffinity(affinity)) } : {}),
  };
  const warnings = [...prepared.warnings];
  const defaults = clusterDefaults(rowsOf(data));
  const { regularisers, seed, clipNorm } = options;
  const learner = createLearner({
    catalogue,
    data,
    model: options.model,
    loss: lossOf(options),
    optimizer: options.optimizer,
    ...(regularisers.length > 0 ? { regularisers } : {}),
  });
  const sampler = { name: "shuffle", batchSize: options.batchSize ?? defaults.sampler.batchSize };
  const epochs = options.epochs ?? defaults.epochs;
  const learningRate = options.learningRate ?? defaults.optimizer.learningRate;
  const clip = clipNorm === undefined ? {} : { clipNorm };
  const schedule = catalogue.choose("schedule", options.schedule, "schedule");
  const result = await train({
    backend,
    learner,
    data,
    sampler: catalogue.choose("sampler", sampler, "sampler"),
    schedule,
    learningRate,
    epochs,
    seed,
    ...clip,
    ...(signal ? { signal } : {}),
    onEvent: (event) => {
      if (event.type === "warning") warnings.push(event.message);
      options.onEvent?.(event);
    },
  });
  const description: Description = {
    task: "cluster",
    seed,
    backend: isBackend(options.backend) ? { name: backend.name } : named(options.backend),
    data: { source: data.name },
    model: settled(learner.model),
    loss: settled(learner.loss),
    sampler,
    optimizer: { ...settled(learner.optimizer), learningRate, schedule: settled(schedule), ...clip },
    epochs,
    ...(regularisers.length > 0 ? { regularisers: regularisers.map(named) } : {}),
    plugins: pluginNames(options.plugins),
  };
  const learned: Learned = {
    shape: learner.shape,
    fitted: prepared.fitted,
    ...(data.columns ? { columns: data.columns } : {}),
  };
  return {
    fitted: { description, learned, state: result.state, steps: result.step },
    history: { reason: result.reason, losses: result.losses, warnings },
  };
}

/** The loss with the keys that stand beside it among the options, and the command's defaults under both. */
function lossOf({ loss, clusters, kernel, distance }: SettledOptions): ComponentReference {
  const { name, ...own } = named(loss);
  return {
    name,
    ...lossDefaults(name),
    clusters,
    ...(kernel === undefined ? {} : { kernel }),
    ...(distance === undefined ? {} : { distance }),
    ...own,
  };
}

/** What training keeps of a matrix. */
const inFloat32 = ({ shape, data }: NdArray) => ndarray("float32", shape, data);

const named = (reference: ComponentReference) => (typeof reference === "string" ? { name: reference } : reference);

const settled = ({ entry, config }: Chosen<"model" | "loss" | "optimizer" | "schedule">) => ({
  name: entry.name,
  ...(config as Record<string, unknown>),
});
