import { type ComponentReference, componentReference } from "@semblance/core";
import { z } from "zod";
import { metricKeys, supervisionKeys } from "./metric-keys.js";

/** What a job can be about. The last two are named here so that a job file says so today; they are refused for now. */
export const TASKS = ["cluster", "metric", "distribution-cluster", "generate"] as const;

const count = (description: string) => z.int().min(1).describe(description);
const columns = (description: string) =>
  z
    .array(z.union([z.string(), z.int()]))
    .min(1)
    .describe(description);

/** What stands beside a regulariser's own keys. */
export const regulariserKeys = z.object({
  weight: z
    .number()
    .min(0)
    .optional()
    .describe("how much it counts beside the loss, 0 or more; the regulariser's own default without it"),
});

/**
 * A job file. Defaults are what `semblance train` does where the file is silent; the keys of components (model, loss, sampler,
 * optimizer, measures) are checked by the components themselves.
 */
export const jobSchema = z.strictObject({
  $schema: z.string().optional().describe("the JSON Schema, for editors; ignored"),
  task: z
    .enum(TASKS)
    .default("cluster")
    .describe(
      "what is learned: clusters, or embeddings that are near where rows belong together (metric); the others are for later versions",
    ),
  seed: z
    .int()
    .min(0)
    .default(0)
    .describe("the seed of weights and batches, a whole number from 0; the same seed gives the same bytes"),
  backend: componentReference("backend").default("ort"),
  data: z
    .strictObject({
      source: z
        .string()
        .min(1)
        .describe("builtin:NAME, or a data file; a relative path is taken from the folder of the job file"),
      labels: z
        .union([z.string().min(1), z.int()])
        .optional()
        .describe("a column's name or position from 0, an array of an archive, or a file with one label a row"),
      ids: z
        .union([z.string().min(1), z.int()])
        .optional()
        .describe(
          "names of the rows, for constraints: a column's name or position from 0, or a file with one id a row",
        ),
      standardise: z
        .union([z.boolean(), z.literal("common")])
        .default(false)
        .describe(
          "true gives every column mean 0 and deviation 1 of the training part; common gives every column mean 0 and divides all by one number, which keeps distances between columns of one unit",
        ),
      affinity: z
        .string()
        .min(1)
        .optional()
        .describe(
          "a file with the matrix [N, N] that compares all pairs of training rows, for a loss with kernel: precomputed or distance: precomputed; a relative path is taken from the folder of the job file",
        ),
      columns: columns("the columns to learn from, by name or position from 0; all by default").optional(),
      ignore: columns("columns to leave out, by name or position from 0").optional(),
      offset: z
        .number()
        .optional()
        .describe("subtract this from every feature first, such as 127.5 for 8-bit images from -1 to 1; 0 by default"),
      scale: z.number().positive().optional().describe("divide every feature by this, such as 255 for 8-bit images"),
      header: z
        .boolean()
        .optional()
        .describe("whether the first row of a CSV or TSV file names the columns; found out when left out"),
      ...supervisionKeys,
    })
    .describe(
      "the data: { source, labels, ids, affinity, standardise, columns, ignore, offset, scale, header, pairs, otherPairs, triplets, multiLabels, holdOut }",
    ),
  model: componentReference("model").default("mlp"),
  loss: componentReference("loss"),
  ...metricKeys,
  sampler: componentReference("sampler")
    .optional()
    .describe(
      "which rows form a batch; by default shuffle with a batchSize of 500, or for task metric per-class, pairs or triplets, after what is known of the rows",
    ),
  optimizer: z
    .looseObject({
      name: z.string().default("adam").describe("the optimizer's name; its own keys stand beside it"),
      learningRate: z.number().positive().default(0.001).describe("the size of a step, above 0"),
      lossLearningRate: z
        .number()
        .positive()
        .optional()
        .describe("the same for weights that the loss owns, such as proxies; learningRate by default"),
      schedule: componentReference("schedule").default("constant"),
      clipNorm: z
        .number()
        .positive()
        .optional()
        .describe("gradients are scaled down to this norm, over all of them, where theirs is larger"),
    })
    .prefault({})
    .describe("the optimizer: { name, learningRate, lossLearningRate, schedule, clipNorm, …its own keys }"),
  regularisers: z
    .array(componentReference("regulariser"))
    .optional()
    .describe("terms beside the loss and maps after each step: a list of { name, weight, …its own keys }"),
  epochs: count("passes over the data, 1 or more").default(50),
  path: z
    .strictObject({
      alpha: z
        .number()
        .positive()
        .optional()
        .describe("the penalty's weight that the path begins with; that of the regulariser by default"),
      growth: z.number().gt(1).default(1.05).describe("what alpha is multiplied by from step to step, above 1"),
      minimumFeatures: z
        .int()
        .min(0)
        .default(2)
        .describe("the path ends once no more features than these are selected"),
      patience: count("epochs in which neither score nor penalty improves, after which a step ends").default(10),
      keepThreshold: z
        .number()
        .min(0)
        .max(1)
        .default(0.9)
        .describe("the share of the best score with all features that a step must reach to be kept, 0 to 1"),
      maximumSteps: count("the path ends after so many steps").default(1000),
      dynamic: z
        .boolean()
        .default(false)
        .describe("whether each step compares rows by the selected features only; the last step is then kept"),
    })
    .optional()
    .describe(
      "lets features leave one after the other under a growing penalty, for a regulariser that selects: { alpha, growth, minimumFeatures, patience, keepThreshold, maximumSteps, dynamic }; epochs counts those without penalty, and the most of each step",
    ),
  earlyStopping: z
    .strictObject({
      patience: count("epochs without a better mean loss after which the run ends, 1 or more").default(10),
      minimumChange: z
        .number()
        .min(0)
        .default(1e-4)
        .describe("how much smaller the loss must get to count as better, 0 or more"),
    })
    .optional()
    .describe("ends the run when the loss stops falling: { patience, minimumChange }"),
  evaluate: z
    .strictObject({
      measures: z
        .array(componentReference("measure"))
        .optional()
        .describe("what the result is scored by, nothing for an empty list; by default what suits the data"),
      every: count("epochs between two scores during training, 1 or more").default(10),
    })
    .prefault({})
    .describe("scoring: { measures, every }"),
  checkpoint: z
    .strictObject({
      every: count("epochs between two checkpoints, 1 or more").default(10),
      everySteps: count("steps between two checkpoints, 1 or more").optional(),
    })
    .prefault({})
    .describe("how often the state is saved: { every, everySteps }"),
  plugins: z
    .array(z.string().min(1))
    .default([])
    .describe("npm packages with further losses, models, … found from the folder of the job file, never fetched"),
  affinityLimit: z
    .int()
    .min(0)
    .optional()
    .describe(
      "the most bytes that a kernel or distance matrix over the whole data set may take; where it fits, it is computed once instead of per batch; 1073741824 by default",
    ),
  threads: count("processor threads of the backend, 1 or more; the backend's own choice by default").optional(),
});

/** A job as a file may write it. */
export type JobInput = z.input<typeof jobSchema>;

/** A component with its name and all of its keys. */
export type Component = Exclude<ComponentReference, string>;

type Parsed = Omit<z.output<typeof jobSchema>, "$schema">;

/** Another loss, for some epochs at the beginning. */
export interface JobStage {
  readonly epochs: number;
  readonly loss: Component;
}

/** A job in which nothing is left to defaults: what `job.json` of a run folder holds. */
export interface Job
  extends Omit<
    Parsed,
    "backend" | "model" | "loss" | "sampler" | "optimizer" | "regularisers" | "evaluate" | "miner" | "warmup" | "stages"
  > {
  readonly backend: Component;
  readonly model: Component;
  readonly loss: Component;
  /** Missing where it follows from the data. */
  readonly sampler?: Component;
  readonly warmup?: false | JobStage;
  readonly stages?: readonly JobStage[];
  readonly optimizer: Component & {
    readonly learningRate: number;
    readonly lossLearningRate?: number | undefined;
    readonly schedule: Component;
    readonly clipNorm?: number | undefined;
  };
  readonly regularisers?: readonly (Component & { readonly weight: number })[];
  readonly evaluate: { readonly measures?: readonly Component[]; readonly every: number };
}
