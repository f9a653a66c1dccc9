import {
  type Catalogue,
  CheckpointError,
  type Chosen,
  type ComponentReference,
  EMBEDDING_ACTIVATIONS,
  type Learner,
  type ModelShape,
} from "@semblance/core";
import type { Fitted } from "@semblance/data/portable";
import { z } from "zod";

/** What a trained model needs beside its weights: the shape it was built for, and how its data were prepared and named. */
export interface Learned {
  readonly shape: ModelShape;
  readonly fitted: Fitted;
  /** The feature columns, where the file named them. */
  readonly columns?: readonly string[];
  /** The classes, for a model that learned from labels: its output k is class k. */
  readonly classes?: readonly string[];
}

const numbers = z.array(z.number());
const learnedSchema = z.object({
  shape: z.object({
    item: z.array(z.int().min(0)),
    outputs: z.int().min(1),
    rows: z.int().min(1),
    embedding: z.enum(EMBEDDING_ACTIVATIONS).optional(),
  }),
  fitted: z.object({
    width: z.int().min(1),
    standardiser: z.object({ minimum: numbers, range: numbers, mean: numbers, deviation: numbers }).optional(),
  }),
  columns: z.array(z.string()).optional(),
  classes: z.array(z.string()).optional(),
});

const NOTE = "learned";

/** As a note of a checkpoint. JSON keeps every digit of a number. */
export function learnedNotes({ shape, fitted, columns, classes }: Learned): Record<string, string> {
  const { width, standardiser } = fitted;
  const plain =
    standardiser && Object.fromEntries(Object.entries(standardiser).map(([name, values]) => [name, [...values]]));
  const { item, outputs, rows, embedding } = shape;
  return {
    [NOTE]: JSON.stringify({
      shape: { item, outputs, rows, embedding },
      fitted: { width, standardiser: plain },
      columns,
      classes,
    }),
  };
}

/** @throws CheckpointError CHECKPOINT_FOREIGN when neither an estimator nor the command wrote the checkpoint. */
export function learnedFrom(notes: Readonly<Record<string, string>>, where: string): Learned {
  const foreign = (cause?: unknown) =>
    new CheckpointError("CHECKPOINT_FOREIGN", "the checkpoint does not say how its data were prepared", {
      where,
      fix: "Use what save or saveRun of an estimator, semblance train or semblance cluster wrote.",
      cause,
    });
  let raw: unknown;
  try {
    raw = JSON.parse(notes[NOTE] ?? "");
  } catch (cause) {
    throw foreign(cause);
  }
  const result = learnedSchema.safeParse(raw);
  if (!result.success) throw foreign(result.error);
  const { fitted, columns, classes } = result.data;
  const { embedding, ...shape } = result.data.shape;
  return {
    shape: { ...shape, ...(embedding ? { embedding } : {}) },
    fitted: { width: fitted.width, ...(fitted.standardiser ? { standardiser: typed(fitted.standardiser) } : {}) },
    ...(columns ? { columns } : {}),
    ...(classes ? { classes } : {}),
  };
}

function typed(standardiser: z.infer<typeof learnedSchema>["fitted"]["standardiser"] & object) {
  const { minimum, range, mean, deviation } = standardiser;
  return {
    minimum: Float64Array.from(minimum),
    range: Float64Array.from(range),
    mean: Float64Array.from(mean),
    deviation: Float64Array.from(deviation),
  };
}

/** The part of a learner that prediction needs, without the data that it was trained on. */
export function trainedModel(
  catalogue: Catalogue,
  model: ComponentReference,
  { shape }: Learned,
): Pick<Learner, "model" | "shape"> & { readonly model: Chosen<"model"> } {
  return { model: catalogue.choose("model", model, "model"), shape };
}
