import { type ComponentReference, componentReference } from "@semblance/core";
import { z } from "zod";

/** The keys of `validation`, in a job and in code. */
export const validationKeys = z.strictObject({
  by: z
    .enum(["row", "class", "pair"])
    .default("row")
    .describe(
      "what is held out of training: row, some rows of each class, class, whole classes, for embeddings that must serve classes never seen, or pair, some of the pairs",
    ),
  fraction: z.number().gt(0).lt(1).default(0.1).describe("the share that is held out, between 0 and 1"),
  seed: z.int().min(0).default(0).describe("what the share is drawn by, a whole number from 0"),
  measure: componentReference("measure")
    .optional()
    .describe(
      "what epochs are scored by: knn-accuracy, recall-at-k, precision-at-1, r-precision or map-at-r; by default knn-accuracy for rows and map-at-r for classes; pairs are scored by how often one that is the same is nearer than one that is not",
    ),
  start: z
    .boolean()
    .default(false)
    .describe(
      "whether what there is before the first step is scored too, and kept where nothing that is learned is better",
    ),
  gallery: z
    .int()
    .min(1)
    .default(10_000)
    .describe(
      "the most training rows that held-out rows look for neighbours among, 1 or more; held-out classes look among themselves",
    ),
  every: z.int().min(1).default(1).describe("epochs between two scores, 1 or more"),
  patience: z
    .int()
    .min(1)
    .optional()
    .describe(
      "scores in a row without a better one after which the run ends, 1 or more; without it, all epochs are run",
    ),
});

/** Chooses the epoch whose weights are kept by a score on rows that are held out of the training. */
export interface ValidationOptions {
  /** Rows of each class, whole classes for embeddings that must serve classes never seen, or pairs; `"row"` by default. */
  readonly by?: "row" | "class" | "pair" | undefined;
  /** Whether what there is before the first step is scored too, and kept where nothing that is learned is better; `false` by default. */
  readonly start?: boolean | undefined;
  /** The share that is held out; 0.1 by default. */
  readonly fraction?: number | undefined;
  /** What it is drawn by; 0 by default. */
  readonly seed?: number | undefined;
  /** A measure of neighbours, under the divergence of the loss; `knn-accuracy` for rows and `map-at-r` for classes by default. */
  readonly measure?: ComponentReference | undefined;
  /** The most training rows that held-out rows look for neighbours among, 10,000 by default. */
  readonly gallery?: number | undefined;
  /** Epochs between two scores; 1 by default. */
  readonly every?: number | undefined;
  /** Scores in a row without a better one after which the fit ends. */
  readonly patience?: number | undefined;
}

export type SettledValidation = z.output<typeof validationKeys>;
