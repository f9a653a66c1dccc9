import { exportOnnx } from "@semblance/backend-ort";
import { type Dataset, type NdArray, ndarray, rowsOf, takeRows, traceInference } from "@semblance/core";
import { canonicalJson } from "../job/canonical-json.js";
import type { Job } from "../job/job-schema.js";
import { VERSION } from "../version.js";
import { predictRows, type TrainedModel, weightsFor } from "./evaluate-model.js";
import type { Learned } from "./learned.js";

/** Rows that the file is checked on. */
const CHECKED = 64;

/**
 * A trained model as an ONNX file, compared with the run on some of its rows before anybody sees it.
 *
 * The file takes prepared features; how to prepare them stands in its metadata, under `preprocessing`.
 *
 * @throws BackendError EXPORT_ROWS_FIXED, EXPORT_MISMATCH
 */
export async function exportModel(
  trained: TrainedModel,
  job: Job,
  learned: Learned,
  data: Dataset,
): Promise<Uint8Array> {
  const rows = trained.model.model.entry.inductive ? Math.min(CHECKED, rowsOf(data)) : rowsOf(data);
  const indices = Int32Array.from({ length: rows }, (_, row) => row);
  const sample: Dataset = { ...data, features: takeRows(data.features, indices) };
  const weights = weightsFor({ float: "float32" }, trained.state);
  const predictions = await predictRows(trained, sample);
  return await exportOnnx({
    program: (count) => traceInference(trained.model, weights, count, "float32"),
    weights,
    feeds: { data: sample.features, indices: ndarray("int32", [rows], indices) },
    expected: predictions as Readonly<Record<string, NdArray>>,
    metadata: metadataOf(job, learned),
  });
}

/** `(x − subtract) / divideBy` is what the file takes, with one number for all columns or one for each. */
function preprocessingOf({ data }: Job, { standardiser }: Learned["fitted"]): Record<string, unknown> {
  if (!standardiser) return { subtract: data.offset ?? 0, divideBy: data.scale ?? 1 };
  const { mean, minimum, range, deviation } = standardiser;
  return {
    subtract: Array.from(mean, (each, k) => minimum[k]! + each * range[k]!),
    // A constant column becomes 0 whatever it is divided by.
    divideBy: Array.from(deviation, (each, k) => each * range[k]! || 1),
  };
}

function metadataOf(job: Job, { fitted, columns, classes }: Learned): Record<string, string> {
  const preprocessing = { ...(columns ? { columns } : {}), ...preprocessingOf(job, fitted) };
  return {
    producer: `semblance ${VERSION}`,
    model: canonicalJson(job.model),
    loss: canonicalJson(job.loss),
    preprocessing: canonicalJson(preprocessing),
    ...(classes ? { classes: JSON.stringify(classes) } : {}),
  };
}
