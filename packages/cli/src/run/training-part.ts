import type { Dataset } from "@semblance/core";
import { holdOutRows } from "@semblance/estimators";
import type { Job } from "../job/job-schema.js";

/**
 * What a job learns from: pairs, triplets or several labels where some are given, and labels elsewhere. Labels beside pairs are there to score
 * by.
 */
export function trainingPart(data: Dataset): Dataset {
  if (!data.supervision || !data.labels) return data;
  const { labels: _, ...rest } = data;
  return rest;
}

/** The rows that a job trains on, and those that it holds out of them to choose an epoch by. */
export interface LearningParts {
  readonly train: Dataset;
  readonly held?: Dataset;
}

/** @throws ConfigError VALIDATION_NEEDS_LABELS; DataError VALIDATION_TOO_SMALL */
export function learningParts({ validation }: Pick<Job, "validation">, data: Dataset): LearningParts {
  const part = trainingPart(data);
  return validation ? holdOutRows(part, validation) : { train: part };
}
