import {
  type Backend,
  type Catalogue,
  type ComponentReference,
  ConfigError,
  type Dataset,
  divergenceWeights,
  Key,
  type Learner,
  type NdArray,
  type Predictor,
  parseConfig,
  rowsOf,
  type Validation,
} from "@semblance/core";
import { comparisonOf } from "../comparison.js";
import { unitRows } from "../unit-rows.js";
import type { HeldOutRows } from "./hold-out-rows.js";
import { partOfDataset } from "./part-of-dataset.js";
import { scorePairEpochs } from "./score-pair-epochs.js";
import type { SettledValidation } from "./validation-options.js";

export interface EpochScoring extends HeldOutRows {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly learner: Pick<Learner, "model">;
  readonly loss: ComponentReference;
  readonly validation: SettledValidation;
}

const BY_ROW = "knn-accuracy";
const BY_CLASS = "map-at-r";
/** What a measure says where nobody chose a distance. */
const STANDARD = "euclidean";
const RETRIEVAL = [BY_ROW, "recall-at-k", "precision-at-1", "r-precision", BY_CLASS];

/**
 * How epochs are scored: held-out rows look for their neighbours by the divergence of the loss in its order, among training rows, or where
 * whole classes are held out among each other.
 *
 * @throws ConfigError VALIDATION_MEASURE_UNSUITED, VALIDATION_NOT_INDUCTIVE, CONFIG_INVALID, CONFIG_KEY_UNKNOWN
 */
export async function scoreEpochs(scoring: EpochScoring): Promise<Validation> {
  const { catalogue, backend, learner, loss, validation, train, held } = scoring;
  const { by, every, patience, start } = validation;
  if (!learner.model.entry.inductive) throw notInductive(learner.model.entry.name);
  if (by === "pair") return scorePairEpochs(scoring);
  const { measure, label, higherIsBetter } = await settledMeasure(validation);
  const { evaluateRetrieval } = await import("@semblance/eval");
  const { divergence, normalise, order } = comparisonOf(catalogue, loss);
  const stored = by === "row" ? someRows(train, validation) : undefined;
  const embed = async (predictor: Predictor, { features }: Dataset): Promise<NdArray> => {
    const { embeddings } = await predictor.predict(features);
    return normalise ? unitRows(embeddings!) : embeddings!;
  };
  return {
    name: label,
    higherIsBetter,
    every,
    start,
    ...(patience === undefined ? {} : { patience }),
    async score(predictor, state) {
      const [found] = await evaluateRetrieval({
        catalogue,
        backend,
        divergence,
        parameters: divergenceWeights(state),
        order,
        embeddings: await embed(predictor, held),
        labels: held.labels!.indices,
        ...(stored ? { gallery: await embed(predictor, stored), galleryLabels: numberedAs(held, stored) } : {}),
        measures: [measure],
      });
      return found!.value;
    },
  };
}

/** The classes of some rows by the numbers that another part has for them; its own classes come first. */
function numberedAs({ labels: own }: Dataset, { labels }: Dataset): Int32Array {
  const { names } = own!;
  const to = labels!.names.map((name, index) => {
    const known = names.indexOf(name);
    return known === -1 ? names.length + index : known;
  });
  return labels!.indices.map((index) => to[index]!);
}

function someRows(train: Dataset, { gallery, seed }: SettledValidation): Dataset {
  const rows = rowsOf(train);
  if (rows <= gallery) return train;
  const drawn = Key.fromSeed(seed).fold("gallery").permutation(rows).subarray(0, gallery);
  return partOfDataset({ ...train, labels: train.labels! }, Int32Array.from(drawn).sort());
}

/** The measure with its keys, and as it is called: by its name and the keys that are not its defaults. */
async function settledMeasure({ measure: asked, by }: SettledValidation) {
  const reference = asked ?? (by === "row" ? BY_ROW : BY_CLASS);
  const given: Exclude<ComponentReference, string> = typeof reference === "string" ? { name: reference } : reference;
  const { name, distance, ...keys } = given;
  const { measures } = await import("@semblance/eval");
  const entry = measures.find((each) => each.name === name);
  if (!entry || !RETRIEVAL.includes(name)) throw unsuited(`measure "${name}" does not look for neighbours`);
  if (distance !== undefined && distance !== STANDARD) {
    throw unsuited(`measure "${name}" is asked for by another distance than the loss has learned`);
  }
  const standard = parseConfig(entry.config, {}, `measure "${name}"`) as Record<string, unknown>;
  const config = parseConfig(entry.config, keys, `measure "${name}"`) as Record<string, unknown>;
  const own = Object.entries(config).filter(([key, value]) => value !== standard[key]);
  return {
    measure: { name, ...Object.fromEntries(own) },
    label: own.length === 0 ? name : `${name}(${own.map(([key, value]) => `${key}: ${value}`).join(", ")})`,
    higherIsBetter: entry.higherIsBetter,
  };
}

const unsuited = (what: string) =>
  new ConfigError("VALIDATION_MEASURE_UNSUITED", what, {
    where: "validation.measure",
    fix: `Score epochs by ${RETRIEVAL.join(", ")}, each by the divergence of the loss: leave distance out.`,
  });

const notInductive = (model: string) =>
  new ConfigError("VALIDATION_NOT_INDUCTIVE", `model "${model}" knows only rows that it was trained on`, {
    where: "validation",
    fix: "Leave validation out, or train a model that is a function of the data, such as mlp.",
  });
