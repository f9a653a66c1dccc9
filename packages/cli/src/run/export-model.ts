import { exportOnnx } from "@semblance/backend-ort";
import {
  type Dataset,
  isSemblanceError,
  type NdArray,
  ndarray,
  type Predictions,
  rowsOf,
  takeRows,
  traceInference,
} from "@semblance/core";
import { canonicalJson } from "../job/canonical-json.js";
import type { Job } from "../job/job-schema.js";
import { VERSION } from "../version.js";
import { predictRows, scoredPart, type TrainedModel, weightsFor } from "./evaluate-model.js";
import { foldPreparation, type Preparation, preparationOf } from "./fold-preparation.js";
import type { Learned } from "./learned.js";
import { loadRawData } from "./load-data.js";

/** Rows that the file is checked on. */
const CHECKED = 64;

/** A model as a file, and what whoever uses it has to know. */
export interface ExportedModel {
  readonly bytes: Uint8Array;
  /** What a row holds, in a sentence. */
  readonly input: string;
  /** Shapes of the outputs by name, the first axis being the rows. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Why rows have to be prepared by the metadata's `preprocessing` first; absent where they are taken as they are. */
  readonly unprepared?: string;
}

/**
 * A trained model as an ONNX file, compared with the run on some of its rows before anybody sees it.
 *
 * The file takes rows as they stand in the data: centring and scaling are part of its graph, and it is compared on such rows. Where
 * float32 cannot hold these (numbers beyond its range, or far from 0 and close to each other) it takes prepared rows, and how to
 * prepare them stands in its metadata, under `preprocessing`.
 *
 * @throws BackendError EXPORT_ROWS_FIXED, EXPORT_MISMATCH
 */
export async function exportModel(
  trained: TrainedModel,
  job: Job,
  learned: Learned,
  data: Dataset,
): Promise<ExportedModel> {
  const rows = trained.model.model.entry.inductive ? Math.min(CHECKED, rowsOf(data)) : rowsOf(data);
  const indices = Int32Array.from({ length: rows }, (_, row) => row);
  const features = takeRows(data.features, indices);
  const predictions = await predictRows(trained, { ...data, features });
  const input = trained.model.model.entry.inductive
    ? describeInput(job, learned)
    : "positions of rows that it was trained on";
  const write = (fed: NdArray, preparation: Preparation | undefined, preprocessing: string) =>
    writeModel(
      { trained, fed, indices, predictions, preparation },
      { ...metadataOf(job, learned), input, preprocessing },
    );
  const shared = { input, outputs: outputsOf(predictions) };
  const preparation = preparationOf(job, learned);
  if (!preparation) return { ...shared, bytes: await write(features, undefined, "none") };
  try {
    const raw = scoredPart((await loadRawData(job, learned)).splits, trained.model);
    return { ...shared, bytes: await write(takeRows(raw.features, indices), preparation, "none") };
  } catch (error) {
    if (!isSemblanceError(error) || !(error.code === "EXPORT_MISMATCH" || error.name === "DataError")) throw error;
    const { subtract, divideBy } = preparation;
    const preprocessing = canonicalJson({ subtract: [...subtract], divideBy: [...divideBy] });
    const bytes = await write(features, undefined, preprocessing);
    return { ...shared, bytes, unprepared: "float32 does not hold the rows as they are exactly enough" };
  }
}

interface Write {
  readonly trained: TrainedModel;
  readonly fed: NdArray;
  readonly indices: Int32Array;
  readonly predictions: Predictions;
  readonly preparation: Preparation | undefined;
}

async function writeModel(
  { trained, fed, indices, predictions, preparation }: Write,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const weights = weightsFor({ float: "float32" }, trained.state);
  return await exportOnnx({
    program: (count) => {
      const program = traceInference(trained.model, weights, count, "float32");
      return preparation ? foldPreparation(program, preparation) : program;
    },
    weights,
    feeds: { data: fed, indices: ndarray("int32", [indices.length], indices) },
    expected: predictions as Readonly<Record<string, NdArray>>,
    metadata,
  });
}

/** More names than this are left to the metadata. */
const NAMED = 12;

function describeInput({ data }: Job, { columns, shape }: Learned): string {
  const source = data.source.startsWith("builtin:") ? data.source : "the data file";
  if (!columns) return `rows of shape [${shape.item.join(", ")}], in the order of ${source}`;
  const named = columns.length > NAMED ? `${columns.slice(0, NAMED).join(", ")}, …` : columns.join(", ");
  return `rows of ${columns.length} columns of ${source}, in this order: ${named}`;
}

const outputsOf = (predictions: Predictions) =>
  Object.fromEntries(
    Object.entries(predictions as Readonly<Record<string, NdArray>>).map(([name, { shape }]) => [
      name,
      `[${["rows", ...shape.slice(1)].join(", ")}]`,
    ]),
  );

function metadataOf(job: Job, { columns, classes }: Learned): Record<string, string> {
  return {
    producer: `semblance ${VERSION}`,
    model: canonicalJson(job.model),
    loss: canonicalJson(job.loss),
    ...(columns ? { columns: JSON.stringify(columns) } : {}),
    ...(classes ? { classes: JSON.stringify(classes) } : {}),
  };
}
