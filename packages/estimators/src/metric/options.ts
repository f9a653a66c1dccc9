import {
  type Backend,
  type ComponentReference,
  componentReference,
  EMBEDDING_ACTIVATIONS,
  type EmbeddingOptions,
  type Plugin,
  parseConfig,
  type StageOptions,
  type TrainingListener,
} from "@semblance/core";
import { z } from "zod";
import { type ValidationOptions, validationKeys } from "./validation/validation-options.js";
import { WARM_UP_LOSS } from "./warm-up.js";

/** What a distance is learned with. Whatever is left out is what `semblance tune` does. */
export interface MetricLearningOptions {
  /** By default what suits what is known of the rows: see `metricDefaults`. */
  readonly loss?: ComponentReference;
  /** The network; `residual` by default, which begins with relevant components of the rows. */
  readonly model?: ComponentReference;
  /** Which rows form a batch; by default classes drawn first for labels, pairs first for pairs. */
  readonly sampler?: ComponentReference;
  /** Which tuples of a batch are learned from, for a loss with a key `miner`. */
  readonly miner?: ComponentReference;
  /** What embeddings are compared by, for a loss with a key `divergence`. */
  readonly divergence?: ComponentReference;
  /** How wide embeddings are, and what is done with the output of the head; of unit length by default where the divergence allows it. */
  readonly embedding?: EmbeddingOptions;
  /**
   * A loss to warm up with, before the stages, or `false` for none. By default an epoch of cross-entropy for labelled rows under the
   * divergence `max-affine`, which finds no gradient from a random start, unless there are stages.
   */
  readonly warmup?: false | Partial<StageOptions>;
  /** Other losses to begin with, counted among the epochs. */
  readonly stages?: readonly StageOptions[];
  /** Holds rows out of the training and keeps the epoch that scores best on them; the last epoch is kept without it. */
  readonly validation?: ValidationOptions;
  /** A backend, which stays the caller's to dispose of, or the name of one that is made and disposed of here; `ort` by default. */
  readonly backend?: Backend | ComponentReference;
  readonly epochs?: number;
  /** The size of a step; 0.0003 by default, 0.0001 for pairs. */
  readonly learningRate?: number;
  /** The same for weights that the loss owns, such as proxies; `learningRate` by default. */
  readonly lossLearningRate?: number;
  readonly optimizer?: ComponentReference;
  readonly schedule?: ComponentReference;
  readonly clipNorm?: number;
  /** How columns are centred and scaled before the model sees them, and alike for other rows: as for `GeminiClustering`; `false` by default. */
  readonly standardise?: boolean | "common" | "auto";
  readonly seed?: number;
  readonly plugins?: readonly Plugin[];
  readonly onEvent?: TrainingListener;
}

const plain = z.strictObject({
  loss: componentReference("loss").optional(),
  model: componentReference("model").optional(),
  sampler: componentReference("sampler").optional(),
  miner: componentReference("miner").optional(),
  divergence: componentReference("divergence").optional(),
  embedding: z
    .strictObject({
      width: z.int().min(1).optional().describe("numbers of an embedding, 1 or more"),
      activation: z.enum(EMBEDDING_ACTIVATIONS).optional().describe("what is done with the output of the head"),
    })
    .optional(),
  warmup: z
    .union([
      z.literal(false),
      z.strictObject({
        epochs: z.int().min(1).default(1).describe("epochs, 1 or more"),
        loss: componentReference("loss").default(WARM_UP_LOSS),
      }),
    ])
    .optional()
    .describe("false, or { epochs, loss }"),
  stages: z
    .array(z.strictObject({ epochs: z.int().min(1).describe("epochs, 1 or more"), loss: componentReference("loss") }))
    .default([]),
  validation: validationKeys.optional(),
  epochs: z.int().min(1).optional().describe("passes over the data, 1 or more"),
  learningRate: z.number().positive().optional().describe("the size of a step, above 0"),
  lossLearningRate: z.number().positive().optional().describe("the size of a step of the loss's own weights, above 0"),
  optimizer: componentReference("optimizer").default("adam"),
  schedule: componentReference("schedule").default("constant"),
  clipNorm: z.number().positive().optional().describe("the largest norm of the gradients, above 0"),
  standardise: z
    .union([z.boolean(), z.enum(["common", "auto"])])
    .default(false)
    .describe("true, false, common or auto"),
  seed: z.int().min(0).default(0).describe("a whole number from 0"),
});

/** Checked options with the defaults that do not depend on data. */
export interface SettledMetricOptions extends z.output<typeof plain> {
  readonly backend: Backend | ComponentReference;
  readonly plugins: readonly Plugin[];
  readonly onEvent: TrainingListener | undefined;
}

/** @throws ConfigError CONFIG_INVALID, CONFIG_KEY_UNKNOWN */
export function settleMetricOptions(options: MetricLearningOptions): SettledMetricOptions {
  const { backend = "ort", plugins = [], onEvent, ...rest } = options;
  return { ...parseConfig(plain, rest, "MetricLearning"), backend, plugins, onEvent };
}
