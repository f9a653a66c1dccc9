import { exportOnnx } from "@semblance/backend-ort";
import type { Dataset } from "@semblance/core";
import {
  type Comparison,
  type ExportedModel,
  exportModel as exportTrained,
  type Learned,
  type TrainedModel,
} from "@semblance/estimators";
import type { Job } from "../job/job-schema.js";
import { VERSION } from "../version.js";
import { scoredPart } from "./evaluate-model.js";
import { loadRawData } from "./load-data.js";

/** More names than this are left to the metadata. */
const NAMED = 12;

/**
 * A trained model as an ONNX file, compared with the run on some of its rows before anybody sees it.
 *
 * @param comparison how embeddings are compared, for a file that does that too
 * @throws BackendError EXPORT_ROWS_FIXED, EXPORT_MISMATCH
 */
export async function exportModel(
  trained: TrainedModel,
  job: Job,
  learned: Learned,
  data: Dataset,
  comparison?: Comparison,
): Promise<ExportedModel> {
  const { offset, scale } = job.data;
  return await exportTrained({
    trained,
    learned,
    data,
    raw: async () => scoredPart((await loadRawData(job, learned)).splits, trained.model).features,
    writer: exportOnnx,
    producer: `semblance ${VERSION}`,
    model: job.model,
    loss: job.loss,
    input: describeInput(job, learned),
    offset,
    scale,
    ...(comparison ? { comparison } : {}),
  });
}

function describeInput({ data }: Job, { columns, shape }: Learned): string {
  const source = data.source.startsWith("builtin:") ? data.source : "the data file";
  if (!columns) return `rows of shape [${shape.item.join(", ")}], in the order of ${source}`;
  const named = columns.length > NAMED ? `${columns.slice(0, NAMED).join(", ")}, …` : columns.join(", ");
  return `rows of ${columns.length} columns of ${source}, in this order: ${named}`;
}
