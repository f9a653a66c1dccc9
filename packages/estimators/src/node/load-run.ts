import { readFile } from "node:fs/promises";
import { fileError } from "@semblance/core/node";
import { parseDescription } from "../description.js";
import { GeminiClustering, type LoadOptions } from "../gemini-clustering.js";
import { jobFileOf, runCheckpoint } from "./run-checkpoint.js";

/**
 * A clustering from a run folder: one that `saveRun` wrote, or `semblance cluster` or `semblance train`. Plugins that the run was made with
 * are passed again.
 *
 * @throws CheckpointError RUN_MISSING, CHECKPOINT_MISSING, CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN, CHECKPOINT_VERSION
 */
export async function loadRun(folder: string, options: LoadOptions = {}): Promise<GeminiClustering> {
  const file = await jobFileOf(folder);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw fileError(cause, file, "reading the job");
  });
  return await GeminiClustering.restore(parseDescription(text, file), await runCheckpoint(folder), options);
}
