import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type Checkpoint, CheckpointError } from "@semblance/core";
import { latestCheckpoint } from "@semblance/core/node";

/** The file of a run folder that holds its job. @throws CheckpointError RUN_MISSING */
export async function jobFileOf(run: string): Promise<string> {
  const file = join(run, "job.json");
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (there) return file;
  throw new CheckpointError("RUN_MISSING", `${run} is not a run folder: it has no job.json`, {
    where: run,
    fix: "Name a folder that semblance train or semblance cluster wrote, such as runs/digits-1.",
  });
}

/** The last checkpoint of a run folder. @throws CheckpointError CHECKPOINT_MISSING, CHECKPOINT_DAMAGED, CHECKPOINT_VERSION */
export async function runCheckpoint(run: string): Promise<Checkpoint> {
  const checkpoint = await latestCheckpoint(run);
  if (checkpoint) return checkpoint;
  throw new CheckpointError("CHECKPOINT_MISSING", "the run has no checkpoint yet", {
    where: join(run, "checkpoints"),
    fix: `Let it go on until it has one: semblance train --resume ${run}`,
  });
}
