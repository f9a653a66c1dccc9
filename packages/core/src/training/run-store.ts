import type { Checkpoint } from "./checkpoint.js";

/** Where a run keeps what must survive it. `@semblance/core/node` has one for folders. */
export interface RunStore {
  /** Adds lines to the run's metrics; they are certain to be kept only once a checkpoint is saved. */
  appendMetrics(lines: readonly string[]): Promise<void>;
  /** Keeps a checkpoint, or nothing of it: metrics up to now become certain first. Returns where it is. */
  saveCheckpoint(checkpoint: Checkpoint): Promise<string>;
  /** The latest checkpoint of this run, with the metrics cut back to what was certain when it was saved. */
  resume(run: string): Promise<Checkpoint | undefined>;
}
