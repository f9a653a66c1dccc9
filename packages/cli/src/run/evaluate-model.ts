import { type DataSplits, type Dataset, divergenceWeights, type Learner, type Predictions } from "@semblance/core";
import { type Assignments, assignmentsOf, comparisonOf, predictRows, type TrainedModel } from "@semblance/estimators";
import type { Component, Job } from "../job/job-schema.js";
import { type Score, score } from "./score.js";
import { embeddingsOf, scoreEmbeddings } from "./score-embeddings.js";
import { scoreRelations } from "./score-relations.js";

/** What a model says of some rows, and what the measures say of that. */
export interface Evaluation extends Judgement {
  readonly data: Dataset;
  readonly predictions: Predictions;
}

export interface Judgement {
  /** Clusters or classes, of a model that gives some. */
  readonly assignments?: Assignments;
  readonly scores: readonly Score[];
}

/** The part of the data that a model is scored on: rows that it was not trained on where there are some and it can be asked about them. */
export function scoredPart({ train, test }: DataSplits, { model }: Pick<Learner, "model">): Dataset {
  return test && model.entry.inductive ? test : train;
}

/** What a job says of scoring. */
export interface EvaluateOptions extends Pick<Job, "task" | "loss"> {
  readonly measures: readonly Component[];
}

export async function evaluateModel(
  trained: TrainedModel,
  data: Dataset,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const predictions = await predictRows(trained, data);
  return { data, predictions, ...(await judge({ ...options, ...trained, data, predictions })) };
}

export interface JudgeOptions extends EvaluateOptions, TrainedModel {
  readonly data: Dataset;
  readonly predictions: Predictions;
}

/** Scores what a model says of rows: its clusters or classes, or the embeddings of a metric job. */
export async function judge(options: JudgeOptions): Promise<Judgement> {
  const { task, loss, catalogue, measures, model, data, predictions } = options;
  if (task === "metric") {
    const embeddings = embeddingsOf(predictions);
    const { backend, state } = options;
    const comparison = comparisonOf(catalogue, loss);
    const by = { backend, catalogue, comparison, weights: divergenceWeights(state) };
    return {
      scores: [
        ...(await scoreEmbeddings(catalogue, measures, data, embeddings, by)),
        ...(await scoreRelations(data.supervision, embeddings, by)),
      ],
    };
  }
  const assignments = assignmentsOf(predictions, model.model.entry.name);
  const { embeddings } = predictions;
  return {
    assignments,
    scores: score(catalogue, measures, data, { ...assignments, ...(embeddings ? { embeddings } : {}) }),
  };
}
