import {
  type Backend,
  type ComponentReference,
  componentReference,
  type Plugin,
  parseConfig,
  type RegulariserReference,
  type TrainingListener,
} from "@semblance/core";
import { z } from "zod";

/** What a clustering is made with. Whatever is left out is what `semblance cluster` does. */
export interface GeminiClusteringOptions {
  /** K, the largest number of clusters; some may stay empty. */
  readonly clusters: number;
  /** What makes a good clustering; `gemini/mmd-ova` by default. */
  readonly loss?: ComponentReference;
  /** The network; `mlp` by default. */
  readonly model?: ComponentReference;
  /** The kernel of an MMD loss; for those the Gaussian one with the median heuristic by default. */
  readonly kernel?: ComponentReference;
  /** The distance of a Wasserstein loss. */
  readonly distance?: ComponentReference;
  /** A backend, which stays the caller's to dispose of, or the name of one that is made and disposed of here; `ort` by default. */
  readonly backend?: Backend | ComponentReference;
  /** Rows a step; 256 by default. */
  readonly batchSize?: number;
  /** Passes over the data; by default as many as give about 600 steps, and at least 30. */
  readonly epochs?: number;
  /** The size of a step; 0.01 by default. */
  readonly learningRate?: number;
  /** `adam` by default. */
  readonly optimizer?: ComponentReference;
  /** How the size of a step changes; `constant` by default. */
  readonly schedule?: ComponentReference;
  /** Gradients are scaled down to this norm, over all of them, where theirs is larger. */
  readonly clipNorm?: number;
  readonly regularisers?: readonly RegulariserReference[];
  /**
   * How columns are centred and scaled before the model sees them, and alike for rows to predict: `true` each by itself, `"common"` all by
   * one number, `"auto"` the first where columns differ much in range and the second where they do not. `"auto"` for rows of numbers,
   * `false` for pictures and for a `Dataset`, which has been prepared already.
   */
  readonly standardise?: boolean | "common" | "auto";
  /** The seed of weights and batches; 0 by default. The same seed gives the same bytes. */
  readonly seed?: number;
  /** Further losses, models, backends, … by whose names the other options may ask. */
  readonly plugins?: readonly Plugin[];
  readonly onEvent?: TrainingListener;
}

const plain = z.strictObject({
  clusters: z.int().min(1).describe("the largest number of clusters, a whole number from 1; most losses need 2"),
  loss: componentReference("loss").default("gemini/mmd-ova"),
  model: componentReference("model").default("mlp"),
  kernel: componentReference("kernel").optional(),
  distance: componentReference("distance").optional(),
  batchSize: z.int().min(1).optional().describe("rows a step, 1 or more"),
  epochs: z.int().min(1).optional().describe("passes over the data, 1 or more"),
  learningRate: z.number().positive().optional().describe("the size of a step, above 0"),
  optimizer: componentReference("optimizer").default("adam"),
  schedule: componentReference("schedule").default("constant"),
  clipNorm: z.number().positive().optional().describe("the largest norm of the gradients, above 0"),
  regularisers: z.array(componentReference("regulariser")).default([]),
  standardise: z
    .union([z.boolean(), z.enum(["common", "auto"])])
    .optional()
    .describe("true, false, common or auto"),
  seed: z.int().min(0).default(0).describe("a whole number from 0"),
});

/** Checked options with the defaults that do not depend on data. */
export interface SettledOptions extends z.output<typeof plain> {
  readonly backend: Backend | ComponentReference;
  readonly plugins: readonly Plugin[];
  readonly onEvent: TrainingListener | undefined;
}

/** @throws ConfigError CONFIG_INVALID, CONFIG_KEY_UNKNOWN */
export function settleOptions(options: GeminiClusteringOptions): SettledOptions {
  const { backend = "ort", plugins = [], onEvent, ...rest } = options;
  return { ...parseConfig(plain, rest, "GeminiClustering"), backend, plugins, onEvent };
}
