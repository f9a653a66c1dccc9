import {
  type Arrays,
  type Backend,
  type Catalogue,
  convert,
  type DataSplits,
  type Dataset,
  type Learner,
  MODEL,
  ndarray,
  type Predictions,
  Predictor,
} from "@semblance/core";
import type { Component } from "../job/job-schema.js";
import { type Assignments, assignmentsOf } from "./assignments.js";
import { type Score, score } from "./score.js";

/** A trained model, without the data that it was trained on. */
export interface TrainedModel {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly model: Pick<Learner, "model" | "shape">;
  readonly state: Arrays;
}

/** What a model says of some rows, and what the measures say of that. */
export interface Evaluation {
  readonly data: Dataset;
  readonly predictions: Predictions;
  readonly assignments: Assignments;
  readonly scores: readonly Score[];
}

/** The part of the data that a model is scored on: rows that it was not trained on where there are some and it can be asked about them. */
export function scoredPart({ train, test }: DataSplits, { model }: Pick<Learner, "model">): Dataset {
  return test && model.entry.inductive ? test : train;
}

/** Applies a model to rows, once. */
export async function predictRows({ backend, model, state }: TrainedModel, data: Dataset): Promise<Predictions> {
  const predictor = new Predictor(backend, model);
  try {
    await predictor.use(weightsFor(backend, state));
    return await predictor.predict(data.features);
  } finally {
    await predictor.dispose();
  }
}

export async function evaluateModel(
  trained: TrainedModel,
  data: Dataset,
  measures: readonly Component[],
): Promise<Evaluation> {
  const predictions = await predictRows(trained, data);
  const assignments = assignmentsOf(predictions, trained.model.model.entry.name);
  return {
    data,
    predictions,
    assignments,
    scores: scoresOf(trained.catalogue, measures, data, predictions, assignments),
  };
}

export function scoresOf(
  catalogue: Catalogue,
  measures: readonly Component[],
  data: Dataset,
  { embeddings }: Predictions,
  assignments: Assignments,
): Score[] {
  return score(catalogue, measures, data, { ...assignments, ...(embeddings ? { embeddings } : {}) });
}

/** The model's weights in the backend's float: a run may be looked at on another backend than it was trained on. */
export function weightsFor({ float }: Pick<Backend, "float">, state: Arrays): Arrays {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(MODEL))
      // A checkpoint keeps its arrays in another order than training does; the exported file should not depend on that.
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { shape, data }]) => [name, ndarray(float, shape, convert(float, data))]),
  );
}
