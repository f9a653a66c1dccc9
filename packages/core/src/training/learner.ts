import type { Shape } from "../arrays/nd-array.js";
import type { Catalogue, Chosen } from "../container/catalogue.js";
import { type Dataset, rowsOf } from "../contracts/dataset.js";
import type { ComponentReference } from "../contracts/entry.js";
import type { LossFacts } from "../contracts/loss.js";
import type { ModelShape } from "../contracts/model.js";
import type { ParameterArrays } from "../contracts/parameters.js";
import { ConfigError } from "../errors.js";
import { requireComparable } from "./affinity/require-comparable.js";
import {
  chooseRegularisers,
  chooseSuppliers,
  type LearnerRegulariser,
  type LearnerSupplier,
  type RegulariserReference,
} from "./choose-regularisers.js";
import { requireUsableData } from "./require-usable-data.js";

/** A model with the loss and the optimizer that train it, all configured, and what they were configured for. */
export interface Learner {
  readonly catalogue: Catalogue;
  readonly model: Chosen<"model">;
  readonly loss: Chosen<"loss">;
  readonly optimizer: Chosen<"optimizer">;
  readonly shape: ModelShape;
  readonly facts: LossFacts;
  readonly regularisers: readonly LearnerRegulariser[];
  readonly suppliers: readonly LearnerSupplier[];
  /** Weights of the model that are taken from the training rows, and stay. */
  readonly fixed: ParameterArrays;
}

export interface LearnerOptions {
  readonly catalogue: Catalogue;
  readonly data: Dataset;
  readonly model: ComponentReference;
  readonly loss: ComponentReference;
  readonly optimizer: ComponentReference;
  readonly regularisers?: readonly RegulariserReference[];
}

/**
 * Chooses model, loss, optimizer and regularisers by name and fits them to a data set.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, OUTPUTS_UNKNOWN, LABELS_MISSING, MORE_CLUSTERS_THAN_ROWS, AFFINITY_MISSING,
 *         AFFINITY_UNUSED, and what regularisers refuse; DataError DATA_NOT_FINITE, DATA_OUTSIDE_DOMAIN, TOO_MANY_ROWS, and the codes of
 *         `requireAffinity`
 */
export function createLearner({ catalogue, data, regularisers = [], ...names }: LearnerOptions): Learner {
  const model = catalogue.choose("model", names.model, "model");
  const loss = catalogue.choose("loss", names.loss, "loss");
  const optimizer = catalogue.choose("optimizer", names.optimizer, "optimizer");
  const rows = rowsOf(data);
  const facts: LossFacts = { rows, ...(data.labels ? { classes: data.labels.names.length } : {}) };
  const where = `loss "${loss.entry.name}" on ${data.name}`;
  if (loss.entry.inputs.labels && !loss.entry.inputs.labels.optional && !data.labels) {
    throw new ConfigError("LABELS_MISSING", `loss "${loss.entry.name}" learns from labels, and ${data.name} has none`, {
      where,
      fix: "Name the label column or file (data.labels, --labels), or choose a loss that needs no labels.",
    });
  }
  const outputs = loss.entry.outputs?.(loss.config, facts);
  if (outputs === undefined) {
    throw new ConfigError(
      "OUTPUTS_UNKNOWN",
      `loss "${loss.entry.name}" does not say how many clusters or classes there are`,
      {
        where,
        fix: "Set clusters in the loss (loss.clusters, --clusters).",
      },
    );
  }
  if (outputs > rows) {
    throw new ConfigError("MORE_CLUSTERS_THAN_ROWS", `${outputs} clusters of ${rows} rows`, {
      where,
      fix: `Ask for at most ${rows}.`,
    });
  }
  requireUsableData(data);
  requireComparable(catalogue, loss, data);
  const shape: ModelShape = { item: itemShape(data), outputs, rows };
  const surroundings = { catalogue, data, model, shape };
  return {
    catalogue,
    model,
    loss,
    optimizer,
    shape,
    facts,
    regularisers: chooseRegularisers(regularisers, surroundings),
    suppliers: chooseSuppliers(loss, surroundings),
    fixed: model.entry.fromData?.(data.features, model.config) ?? {},
  };
}

const itemShape = (data: Dataset): Shape => data.features.shape.slice(1);
