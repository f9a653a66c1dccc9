import {
  type Backend,
  type Catalogue,
  type ComponentReference,
  createLearner,
  type Dataset,
  type NdArray,
  ndarray,
  rowsOf,
} from "@semblance/core";
import { prepareArray } from "@semblance/data/portable";
import { clusterDefaults, lossDefaults } from "./cluster-defaults.js";
import { type Fitted, fitLearner, type History } from "./fit-learner.js";
import { named } from "./named.js";
import type { SettledOptions } from "./options.js";
import { type Affinity, givenAffinity, givenRows, type Rows } from "./rows.js";

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
  const defaults = clusterDefaults(rowsOf(data));
  const { regularisers } = options;
  const learner = createLearner({
    catalogue,
    data,
    model: options.model,
    loss: lossOf(options),
    optimizer: options.optimizer,
    ...(regularisers.length > 0 ? { regularisers } : {}),
  });
  return await fitLearner({
    options,
    backend,
    learner,
    data,
    prepared,
    sampler: { name: "shuffle", batchSize: options.batchSize ?? defaults.sampler.batchSize },
    epochs: options.epochs ?? defaults.epochs,
    learningRate: options.learningRate ?? defaults.optimizer.learningRate,
    signal,
    warnings: [],
    own: { task: "cluster", ...(regularisers.length > 0 ? { regularisers: regularisers.map(named) } : {}) },
  });
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
