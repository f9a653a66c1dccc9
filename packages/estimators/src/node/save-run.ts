import { RunFolder } from "@semblance/core/node";
import type { GeminiClustering } from "../gemini-clustering.js";
import type { MetricLearning } from "../metric-learning.js";
import type { Rows } from "../rows.js";

/**
 * Writes a run folder that `semblance predict`, `embed` and `evaluate` read: `job.json`, a checkpoint, and with rows to check it on
 * `model.onnx`. Training cannot be resumed from it, and `semblance report` needs the training data, which it does not hold.
 *
 * @throws CheckpointError RUN_EXISTS, RUN_IN_USE, NOT_WRITABLE, DISK_FULL
 */
export async function saveRun(
  estimator: Pick<GeminiClustering | MetricLearning, "parts" | "exportOnnx">,
  folder: string,
  { onnx }: { readonly onnx?: Rows } = {},
): Promise<void> {
  const { description, checkpoint } = estimator.parts();
  const model = onnx === undefined ? undefined : (await estimator.exportOnnx(onnx)).bytes;
  const run = await RunFolder.open(folder);
  try {
    await run.saveCheckpoint(checkpoint);
    if (model) await run.write("model.onnx", model);
    // Last: a folder with a job is a run.
    await run.write("job.json", `${JSON.stringify(description, undefined, 2)}\n`);
  } finally {
    run.close();
  }
}
