import { type Catalogue, type Dataset, rowsOf } from "@semblance/core";
import { defaultWarmUp, embeddingFor, metricDefaults } from "@semblance/estimators";
import { learningParts, trainingPart } from "../run/training-part.js";
import type { Component, Job, JobStage } from "./job-schema.js";

/** What follows from the data in a job about embeddings: the sampler, the width of embeddings, and whether to warm up. */
export interface SettledMetric {
  readonly sampler: Component;
  readonly embedding?: NonNullable<Job["embedding"]>;
  readonly warmup?: false | JobStage;
}

/**
 * Fills in what only the data can tell of a metric job:
 *
 * - the sampler: `n-pair` for the loss of that name, otherwise classes, pairs or triplets first, after what is known of the rows
 * - the embedding: as wide as the divergence asks for, of unit length where it may be
 * - the warm-up: an epoch of cross-entropy before a loss on max-affine, where there are labels and no stages
 */
export function settleMetric(job: Job, catalogue: Catalogue, data: Dataset): SettledMetric {
  // Held-out classes are none to train with. A job that was settled before may meet other data.
  const fresh = job.sampler === undefined && job.validation?.by === "class";
  const part = fresh ? learningParts(job, data).train : trainingPart(data);
  const classes = part.labels?.names.length;
  const facts = classes === undefined ? {} : { classes };
  const embedding = embeddingFor(catalogue, job.loss, compact(job.embedding), facts);
  const { loss, epochs, stages } = job;
  const byDefault = () => defaultWarmUp({ catalogue, loss, epochs, data: part, width: embedding?.width });
  const warmup = job.warmup ?? (stages ? undefined : (byDefault() as JobStage | undefined));
  return {
    sampler: job.sampler ?? defaultSampler(job, catalogue, part),
    ...(embedding ? { embedding } : {}),
    ...(warmup === undefined ? {} : { warmup }),
  };
}

/** A key that holds undefined is none. */
function compact(embedding: Job["embedding"]) {
  if (!embedding) return undefined;
  const { width, activation } = embedding;
  return { ...(width === undefined ? {} : { width }), ...(activation === undefined ? {} : { activation }) };
}

function defaultSampler({ loss }: Job, catalogue: Catalogue, { labels, supervision, ...data }: Dataset): Component {
  const own = loss.name === "metric/n-pair" && labels ? "n-pair" : undefined;
  const form = supervision?.form ?? ("labels" as const);
  const rows = rowsOf(data as Dataset);
  const { sampler } = metricDefaults(catalogue, { form, rows, ...(labels ? { classes: labels.names.length } : {}) });
  const chosen = own ? { name: own } : labels || supervision ? sampler : { name: "shuffle", batchSize: 128 };
  return { name: chosen.name, ...(catalogue.choose("sampler", chosen).config as Record<string, unknown>) };
}
