import type { Shape } from "../arrays/nd-array.js";
import type { Catalogue, Chosen } from "../container/catalogue.js";
import { type Dataset, rowsOf } from "../contracts/dataset.js";
import type { ComponentReference } from "../contracts/entry.js";
import type { LossFacts } from "../contracts/loss.js";
import type { ModelShape } from "../contracts/model.js";
import type { ParameterArrays } from "../contracts/parameters.js";
import { ConfigError } from "../errors.js";
import { requireComparable } from "./affinity/require-comparable.js";
import { chooseEmbedding, type EmbeddingOptions } from "./choose-embedding.js";
import {
  chooseRegularisers,
  chooseSuppliers,
  type LearnerRegulariser,
  type LearnerSupplier,
  type RegulariserReference,
} from "./choose-regularisers.js";
import { requireUsableData } from "./require-usable-data.js";
import { requireStageWithoutWeights, type Stage, type StageOptions } from "./stages.js";

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
  /** The parts of a run that come before the loss itself; none for most. */
  readonly stages: readonly Stage[];
}

export interface LearnerOptions {
  readonly catalogue: Catalogue;
  readonly data: Dataset;
  readonly model: ComponentReference;
  readonly loss: ComponentReference;
  readonly optimizer: ComponentReference;
  readonly regularisers?: readonly RegulariserReference[];
  /** The embedding that the head gives, for a loss that compares embeddings. */
  readonly embedding?: EmbeddingOptions;
  /** Other losses to begin with, one after another: a warm-up, or other miners. */
  readonly stages?: readonly StageOptions[];
}

/**
 * Chooses model, loss, optimizer and regularisers by name and fits them to a data set.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, OUTPUTS_UNKNOWN, LABELS_MISSING, MORE_CLUSTERS_THAN_ROWS, AFFINITY_MISSING,
 *         AFFINITY_UNUSED, EMBEDDING_UNUSED, EMBEDDING_OUTSIDE_DOMAIN, STAGE_OWNS_WEIGHTS, STAGE_NEEDS_CLASSES, and what regularisers
 *         refuse; DataError DATA_NOT_FINITE, DATA_OUTSIDE_DOMAIN, TOO_MANY_ROWS, and the codes of
 *         `requireAffinity`
 */
export function createLearner(options: LearnerOptions): Learner {
  const { catalogue, data, regularisers = [], stages = [] } = options;
  const model = catalogue.choose("model", options.model, "model");
  const loss = catalogue.choose("loss", options.loss, "loss");
  const optimizer = catalogue.choose("optimizer", options.optimizer, "optimizer");
  const rows = rowsOf(data);
  const known: LossFacts = {
    rows,
    ...(data.labels ? { classes: data.labels.names.length } : {}),
    ...(data.supervision ? { supervised: true } : {}),
  };
  requireSupervision(loss, data);
  const head = chooseEmbedding(catalogue, loss, known, options.embedding);
  const facts: LossFacts = head ? { ...known, width: head.width } : known;
  const outputs = head?.width ?? requireOutputs(loss, facts, data);
  requireUsableData(data);
  requireComparable(catalogue, loss, data);
  const shape: ModelShape = { item: itemShape(data), outputs, rows, ...(head ? { embedding: head.activation } : {}) };
  const surroundings = { catalogue, data, model, shape };
  const learner: Learner = {
    catalogue,
    model,
    loss,
    optimizer,
    shape,
    facts,
    regularisers: chooseRegularisers(regularisers, surroundings),
    suppliers: chooseSuppliers(loss, surroundings),
    fixed: model.entry.fromData?.(data.features, model.config, data) ?? {},
    stages: [],
  };
  let until = 0;
  return {
    ...learner,
    stages: stages.map((stage, index) => {
      const own = catalogue.choose("loss", stage.loss, `stages, number ${index + 1}`);
      requireSupervision(own, data);
      requireClassesFit(own, facts, shape);
      requireComparable(catalogue, own, data);
      requireStageWithoutWeights(catalogue, { stage: own, main: loss, facts });
      until += stage.epochs;
      return { until, learner: { ...learner, loss: own, suppliers: chooseSuppliers(own, surroundings) } };
    }),
  };
}

/** That there are labels or relations where the loss learns from some. */
function requireSupervision({ entry }: Chosen<"loss">, data: Dataset): void {
  const { labels, relations } = entry.inputs;
  const learns = labels !== undefined && (!labels.optional || relations !== undefined);
  if (!learns || data.labels || (relations && data.supervision)) return;
  throw new ConfigError("LABELS_MISSING", `loss "${entry.name}" learns from labels, and ${data.name} has none`, {
    where: `loss "${entry.name}" on ${data.name}`,
    fix: relations
      ? "Name the label column or file (data.labels, --labels) or a file of pairs, or choose a loss that needs neither."
      : "Name the label column or file (data.labels, --labels), or choose a loss that needs no labels.",
  });
}

function requireOutputs({ entry, config }: Chosen<"loss">, facts: LossFacts, data: Dataset): number {
  const where = `loss "${entry.name}" on ${data.name}`;
  const outputs = entry.outputs?.(config, facts);
  if (outputs === undefined) {
    throw new ConfigError(
      "OUTPUTS_UNKNOWN",
      `loss "${entry.name}" does not say how many clusters or classes there are`,
      { where, fix: "Set clusters in the loss (loss.clusters, --clusters)." },
    );
  }
  if (outputs > facts.rows) {
    throw new ConfigError("MORE_CLUSTERS_THAN_ROWS", `${outputs} clusters of ${facts.rows} rows`, {
      where,
      fix: `Ask for at most ${facts.rows}.`,
    });
  }
  return outputs;
}

/** That a stage that classifies finds an output for each class in the head that the main loss asked for. */
function requireClassesFit({ entry, config }: Chosen<"loss">, facts: LossFacts, { outputs }: ModelShape): void {
  const asked = entry.outputs?.(config, facts);
  if (asked === undefined || asked <= outputs) return;
  throw new ConfigError(
    "STAGE_NEEDS_CLASSES",
    `loss "${entry.name}" asks for ${asked} outputs of a head of ${outputs}`,
    {
      where: `loss "${entry.name}" in a stage`,
      fix: `Make the embedding at least ${asked} wide (embedding.width), or leave the stage out.`,
    },
  );
}

const itemShape = (data: Dataset): Shape => data.features.shape.slice(1);
