import type { Catalogue, DataSplits, Dataset, Learner, Predictions } from "@semblance/core";
import { type Assignments, assignmentsOf, predictRows, type TrainedModel } from "@semblance/estimators";
import type { Component } from "../job/job-schema.js";
import { type Score, score } from "./score.js";

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
