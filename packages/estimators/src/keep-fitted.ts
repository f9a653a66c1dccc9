import {
  type Arrays,
  type Catalogue,
  type Checkpoint,
  CheckpointError,
  decodeCheckpoint,
  isSemblanceError,
  type NdArray,
  ndarray,
} from "@semblance/core";
import { prepareArray } from "@semblance/data/portable";
import { canonicalJson } from "./canonical-json.js";
import { type Description, parseDescription } from "./description.js";
import { type ExportedModel, type ExportModelOptions, exportModel } from "./export-model.js";
import type { Fitted } from "./fit-learner.js";
import { importOrt } from "./import-ort.js";
import { learnedNotes, trainedModel } from "./learned.js";
import { givenRows, type Rows } from "./rows.js";
import type { TrainedModel } from "./trained-model.js";
import { VERSION } from "./version.js";

/** The note of a checkpoint that holds the description. */
const NOTE = "estimator";

/** Rows as a fitted model takes them: prepared as its training rows were. */
export function preparedRows({ learned, description }: Fitted, rows: Rows): NdArray<"float32"> {
  const { offset, scale } = description.data;
  const { data } = prepareArray(givenRows(rows).array, {
    name: "data",
    fitted: learned.fitted,
    ...(offset === undefined ? {} : { offset }),
    ...(scale === undefined ? {} : { scale }),
  });
  const { shape, data: values } = data.features;
  return ndarray("float32", [shape[0]!, ...learned.shape.item], values);
}

/**
 * What is fitted as a checkpoint.
 *
 * @param owners whose weights are kept, by the prefixes of their names: without the optimizer's it can be used, and not trained further
 */
export function checkpointOf({ description, learned, state, steps }: Fitted, owners: readonly string[]): Checkpoint {
  const kept = Object.entries(state).filter(([name]) => owners.some((owner) => name.startsWith(owner)));
  return {
    run: "",
    step: steps,
    state: null,
    notes: { ...learnedNotes(learned), [NOTE]: canonicalJson(description) },
    arrays: Object.fromEntries(kept) as Arrays,
  };
}

/** @throws CheckpointError CHECKPOINT_FOREIGN */
export const descriptionOf = ({ notes }: Pick<Checkpoint, "notes">, where: string): Description =>
  parseDescription(notes[NOTE], where);

/**
 * The checkpoint of a saved estimator.
 *
 * @throws CheckpointError CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN, CHECKPOINT_VERSION
 */
export async function savedCheckpoint(bytes: Uint8Array): Promise<Checkpoint> {
  const where = "the saved estimator";
  try {
    return await decodeCheckpoint(bytes, where);
  } catch (cause) {
    if (!isSemblanceError(cause) || cause.code !== "CHECKPOINT_DAMAGED") throw cause;
    // There is no run whose checkpoint before it one could go on from.
    const fix = "Load the bytes that save gave, whole and unchanged.";
    throw new CheckpointError(cause.code, cause.message, { where, fix, cause });
  }
}

/** Of each task, who loads what it learned. */
const LOADERS = {
  cluster: { learned: "clusters", loader: "GeminiClustering.load, a run folder with loadRun" },
  metric: { learned: "a distance", loader: "MetricLearning.load, a run folder with loadMetricRun" },
} as const;

/** @throws CheckpointError TASK_DIFFERS when something else was learned than is asked for */
export function requireTask({ task }: Description, wanted: keyof typeof LOADERS): void {
  if (task === wanted || !(task in LOADERS)) return;
  const { learned, loader } = LOADERS[task as keyof typeof LOADERS];
  throw new CheckpointError("TASK_DIFFERS", `what was saved has learned ${learned}, not ${LOADERS[wanted].learned}`, {
    where: "the saved estimator",
    fix: `Load it with ${loader} of @semblance/estimators/node.`,
  });
}

/**
 * What is fitted as an ONNX file that takes rows as they are.
 *
 * @param rows to check the file with before it is handed out
 * @throws BackendUnavailableError ORT_PACKAGE_MISSING; BackendError EXPORT_ROWS_FIXED, EXPORT_MISMATCH
 */
export async function exportFitted(
  fitted: Fitted & { readonly catalogue: Catalogue },
  backend: TrainedModel["backend"],
  rows: Rows,
  more: Pick<ExportModelOptions, "comparison"> = {},
): Promise<ExportedModel> {
  const { catalogue, description, learned, state } = fitted;
  const { exportOnnx } = await importOrt("exportOnnx");
  const { model, loss, data } = description;
  const { item } = learned.shape;
  const { array } = givenRows(rows);
  return await exportModel({
    trained: { catalogue, backend, model: trainedModel(catalogue, model, learned), state },
    learned,
    data: { name: "data", features: preparedRows(fitted, rows) },
    raw: async () => ndarray("float32", [array.shape[0]!, ...item], array.data),
    writer: exportOnnx,
    producer: `@semblance/estimators ${VERSION}`,
    model,
    loss,
    input: `rows of shape [${item.join(", ")}]`,
    offset: data.offset,
    scale: data.scale,
    ...more,
  });
}
