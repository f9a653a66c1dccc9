import { componentReference, EMBEDDING_ACTIVATIONS, OTHER_PAIRS } from "@semblance/core";
import { validationKeys, WARM_UP_LOSS } from "@semblance/estimators";
import { z } from "zod";

const epochs = (description: string) => z.int().min(1).describe(description);

/** Keys of a job about embeddings: the network's head gives one, and a loss compares them. */
export const metricKeys = {
  embedding: z
    .strictObject({
      width: z
        .int()
        .min(1)
        .optional()
        .describe("numbers of an embedding, 1 or more; what the divergence asks for, or 64, by default"),
      activation: z
        .enum(EMBEDDING_ACTIVATIONS)
        .optional()
        .describe(
          "what is done with the output of the head: none, softplus, sigmoid, softmax or normalise; by default normalise, or what the divergence needs",
        ),
    })
    .optional()
    .describe("the embedding that a metric loss compares: { width, activation }"),
  miner: componentReference("miner")
    .optional()
    .describe("which tuples of a batch a metric loss learns from: short for the key miner of the loss"),
  warmup: z
    .union([
      z.literal(false),
      z.strictObject({
        loss: componentReference("loss").default(WARM_UP_LOSS),
        epochs: epochs("epochs of it, 1 or more").default(1),
      }),
    ])
    .optional()
    .describe(
      "another loss to begin with: { loss, epochs }, or false for none; by default an epoch of classification/cross-entropy for labelled data under the divergence max-affine, which finds no gradient from a random start, unless there are stages",
    ),
  stages: z
    .array(
      z.strictObject({
        epochs: epochs("epochs of the stage, 1 or more"),
        loss: componentReference("loss").describe("the loss of the stage"),
      }),
    )
    .min(1)
    .optional()
    .describe("other losses before the main one, after the warm-up: a list of { epochs, loss }, counted among epochs"),
  validation: validationKeys
    .optional()
    .describe(
      "holds a part of the training rows out and ends with the epoch that scores best on it: { by, fraction, seed, measure, start, gallery, every, patience }; the last epoch is kept without it",
    ),
};

/** Keys of a job's data about which rows belong together, and what is held out. */
export const supervisionKeys = {
  pairs: z
    .string()
    .min(1)
    .optional()
    .describe(
      "a .csv or .tsv file of pairs for task metric: two ids (or row numbers from 0) and 1 or 0, or under the header a,b,similarity a number from -1 to 1; labels then only score",
    ),
  otherPairs: z
    .enum(OTHER_PAIRS)
    .optional()
    .describe(
      "what two rows of a batch are taken for of which no pair says anything: unknown, the default, or different, which nearly all are where there are many kinds of rows",
    ),
  triplets: z
    .string()
    .min(1)
    .optional()
    .describe("a .csv or .tsv file of triplets for task metric: the ids of anchor, positive, negative"),
  multiLabels: z
    .array(z.union([z.string(), z.int()]))
    .min(1)
    .optional()
    .describe("columns of 0 and 1, each a class that a row may be of, for task metric; they are no features"),
  holdOut: z
    .strictObject({
      by: z
        .enum(["class", "row", "pair"])
        .describe("what is held out: whole classes, which are then never seen in training, rows, or pairs"),
      fraction: z
        .number()
        .gt(0)
        .lt(1)
        .optional()
        .describe(
          "the share that is held out, between 0 and 1; by default half of the classes, a fifth of rows or pairs",
        ),
      classes: z
        .array(z.union([z.string(), z.number()]))
        .min(1)
        .optional()
        .describe("the classes that are held out, by name, instead of a share"),
      seed: z.int().min(0).optional().describe("what a share is drawn by, a whole number from 0; 0 by default"),
    })
    .refine(({ by, classes }) => classes === undefined || by === "class", {
      path: ["classes"],
      message: "classes are held out by: class",
    })
    .optional()
    .describe("a part that is kept for scoring: { by, fraction, classes, seed }"),
};
