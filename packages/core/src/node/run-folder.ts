import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { open, readdir, readFile, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../errors.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../training/checkpoint.js";
import type { RunStore } from "../training/run-store.js";
import { fileError } from "./file-errors.js";
import { makeFolder } from "./make-folder.js";
import { UNFINISHED, writeFileAtomically } from "./write-file-atomically.js";

/** Checkpoints kept: the last one, and the one before it should the last turn out damaged. */
const KEPT = 2;
const METRICS_LENGTH = "metricsLength";

/**
 * A run in a folder: `checkpoints/step-N.safetensors` and `metrics.jsonl`. One process at a time may write to it.
 */
export class RunFolder implements RunStore {
  #metricsLength = 0;

  private constructor(readonly path: string) {}

  /**
   * Opens a folder for writing, making it where needed.
   *
   * @throws CheckpointError RUN_EXISTS when it holds a run and is not to be resumed, RUN_MISSING when there is none to resume,
   * RUN_IN_USE while another process writes to it, NOT_WRITABLE, DISK_FULL
   */
  static async open(path: string, { resume = false }: { readonly resume?: boolean } = {}): Promise<RunFolder> {
    await RunFolder.require(path, { resume });
    const folder = new RunFolder(path);
    try {
      await makeFolder(folder.checkpoints);
    } catch (cause) {
      throw fileError(cause, path, "making the run folder");
    }
    folder.#lock();
    try {
      await folder.#removeUnfinished();
      if (!resume) await writeFile(folder.file("metrics.jsonl"), "");
    } catch (cause) {
      folder.close();
      throw fileError(cause, path, "preparing the run folder");
    }
    return folder;
  }

  /**
   * Tells without making anything whether a folder can be opened: before work that would be for nothing otherwise.
   *
   * @throws CheckpointError RUN_EXISTS, RUN_MISSING
   */
  static async require(path: string, { resume = false }: { readonly resume?: boolean } = {}): Promise<void> {
    const taken = await exists(join(path, "job.json"));
    if (taken && !resume) {
      throw new CheckpointError("RUN_EXISTS", "the folder holds a run already", {
        where: path,
        fix: "Choose another folder (--out DIR), or continue that run (--resume DIR).",
      });
    }
    if (!taken && resume) {
      throw new CheckpointError("RUN_MISSING", "there is no run to resume", {
        where: path,
        fix: "Check the folder's name.",
      });
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  get checkpoints(): string {
    return this.file("checkpoints");
  }

  async write(name: string, bytes: Uint8Array | string): Promise<void> {
    await writeFileAtomically(this.file(name), bytes);
  }

  async appendMetrics(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    const path = this.file("metrics.jsonl");
    try {
      const file = await open(path, "r+");
      try {
        // At a known position rather than at the end: a write that failed half-way is then overwritten, not followed.
        let written = 0;
        while (written < bytes.length) {
          const { bytesWritten } = await file.write(
            bytes,
            written,
            bytes.length - written,
            this.#metricsLength + written,
          );
          written += bytesWritten;
        }
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw fileError(cause, path, "writing metrics");
    }
    this.#metricsLength += bytes.length;
  }

  async saveCheckpoint(checkpoint: Checkpoint): Promise<string> {
    await this.#syncMetrics();
    const notes = { ...checkpoint.notes, [METRICS_LENGTH]: String(this.#metricsLength) };
    const path = join(this.checkpoints, fileName(checkpoint.step));
    await writeFileAtomically(path, await encodeCheckpoint({ ...checkpoint, notes }));
    for (const old of (await checkpointFiles(this.path)).slice(KEPT)) await unlink(old).catch(() => {});
    return path;
  }

  async resume(run: string): Promise<Checkpoint | undefined> {
    const checkpoint = await latestCheckpoint(this.path);
    // A checkpoint of another job must not touch this run's files; the caller refuses it.
    if (checkpoint && checkpoint.run !== run) return checkpoint;
    const length = Number(checkpoint?.notes[METRICS_LENGTH] ?? 0);
    const path = this.file("metrics.jsonl");
    try {
      const file = await open(path, "a");
      const { size } = await file.stat();
      await file.close();
      if (size < length) {
        throw new CheckpointError("METRICS_DAMAGED", `metrics.jsonl has ${size} bytes; the checkpoint says ${length}`, {
          where: path,
          fix: "Restore the file, or start the run again.",
        });
      }
      await truncate(path, length);
    } catch (cause) {
      throw cause instanceof CheckpointError ? cause : fileError(cause, path, "reading metrics");
    }
    this.#metricsLength = length;
    return checkpoint;
  }

  async #syncMetrics(): Promise<void> {
    const path = this.file("metrics.jsonl");
    try {
      const file = await open(path, "r+");
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw fileError(cause, path, "writing metrics");
    }
  }

  async #removeUnfinished(): Promise<void> {
    for (const folder of [this.path, this.checkpoints]) {
      for (const name of await readdir(folder)) {
        if (name.startsWith(".") && name.endsWith(UNFINISHED)) await unlink(join(folder, name));
      }
    }
  }

  #lock(): void {
    const path = this.file(".lock");
    for (let attempt = 0; ; attempt++) {
      try {
        writeFileSync(path, String(process.pid), { flag: "wx" });
        return;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 0)
          throw fileError(cause, path, "locking the run folder");
        const holder = Number(readFileSync(path, "utf8"));
        if (holder !== process.pid && isAlive(holder)) {
          throw new CheckpointError("RUN_IN_USE", `process ${holder} is writing to this run`, {
            where: this.path,
            fix: "Wait for it to end, or choose another folder (--out DIR).",
          });
        }
        // Its process was killed: the lock is stale.
        unlinkSync(path);
      }
    }
  }

  /** Lets another process write. */
  close(): void {
    try {
      unlinkSync(this.file(".lock"));
    } catch {
      // Somebody removed the folder; there is nothing left to unlock.
    }
  }
}

const fileName = (step: number) => `step-${String(step).padStart(9, "0")}.safetensors`;

async function checkpointFiles(run: string): Promise<string[]> {
  const folder = join(run, "checkpoints");
  const names = await readdir(folder).catch(() => [] as string[]);
  return names
    .filter((name) => /^step-\d+\.safetensors$/.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

/**
 * The last checkpoint of a run folder, or undefined where it has none.
 *
 * @throws CheckpointError CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN, CHECKPOINT_VERSION
 */
export async function latestCheckpoint(run: string): Promise<Checkpoint | undefined> {
  const [path] = await checkpointFiles(run);
  if (!path) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw fileError(cause, path, "reading the checkpoint");
  }
  return decodeCheckpoint(bytes, path);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  );
}
