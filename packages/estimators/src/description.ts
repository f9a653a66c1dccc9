import { CheckpointError, EMBEDDING_ACTIVATIONS } from "@semblance/core";
import { z } from "zod";
import type { MetricLearningOptions } from "./metric/options.js";
import { validationKeys } from "./metric/validation/validation-options.js";
import type { GeminiClusteringOptions } from "./options.js";

const component = z.looseObject({ name: z.string() });
const stage = z.object({ epochs: z.int().min(1), loss: component });

/**
 * How a model was trained, in the keys of a job file, so that the command line can use it too. Keys that only a job has are kept as they
 * are.
 */
const schema = z.looseObject({
  task: z.string().default("cluster"),
  seed: z.int().min(0),
  backend: component,
  data: z.looseObject({ source: z.string(), offset: z.number().optional(), scale: z.number().optional() }),
  model: component,
  loss: component,
  sampler: component,
  optimizer: z.looseObject({
    name: z.string(),
    learningRate: z.number(),
    schedule: component.optional(),
    clipNorm: z.number().optional(),
    lossLearningRate: z.number().optional(),
  }),
  embedding: z.object({ width: z.int().optional(), activation: z.enum(EMBEDDING_ACTIVATIONS).optional() }).optional(),
  warmup: z.union([z.literal(false), stage]).optional(),
  stages: z.array(stage).optional(),
  validation: validationKeys.optional(),
  epochs: z.int().min(1),
  regularisers: z.array(component).optional(),
  plugins: z.array(z.string()).default([]),
});

export type Description = z.output<typeof schema>;

/** @throws CheckpointError CHECKPOINT_FOREIGN */
export function parseDescription(text: string | undefined, where: string): Description {
  let raw: unknown;
  try {
    raw = JSON.parse(text ?? "");
  } catch (cause) {
    throw foreign(where, cause);
  }
  const result = schema.safeParse(raw);
  if (!result.success) throw foreign(where, result.error);
  return result.data;
}

const foreign = (where: string, cause: unknown) =>
  new CheckpointError("CHECKPOINT_FOREIGN", "nothing here says which model and loss the weights belong to", {
    where,
    fix: "Load what save of an estimator gave; a run folder is loaded by loadRun of @semblance/estimators/node.",
    cause,
  });

/** The options that give such a model again. */
export function optionsOf(description: Description, clusters: number): GeminiClusteringOptions {
  const { seed, model, loss, sampler, optimizer, epochs, regularisers } = description;
  const { learningRate, schedule, clipNorm, ...own } = optimizer;
  const { batchSize } = sampler;
  return {
    seed,
    clusters,
    model,
    loss,
    optimizer: own,
    learningRate,
    epochs,
    ...(typeof batchSize === "number" ? { batchSize } : {}),
    ...(schedule === undefined ? {} : { schedule }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(regularisers ? { regularisers } : {}),
  };
}

/** The options that give such an embedding again. */
export function metricOptionsOf(description: Description): MetricLearningOptions {
  const { seed, model, loss, sampler, optimizer, epochs, embedding, warmup, stages, validation } = description;
  const { learningRate, lossLearningRate, schedule, clipNorm, ...own } = optimizer;
  return {
    seed,
    model,
    loss,
    sampler,
    optimizer: own,
    learningRate,
    epochs,
    ...(embedding ? { embedding } : {}),
    ...(warmup === undefined ? {} : { warmup }),
    ...(stages ? { stages } : {}),
    ...(validation ? { validation } : {}),
    ...(lossLearningRate === undefined ? {} : { lossLearningRate }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
  };
}
