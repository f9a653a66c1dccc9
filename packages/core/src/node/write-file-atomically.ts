import { open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileError } from "./file-errors.js";

/** What the names of unfinished files end in. */
export const UNFINISHED = ".unfinished";

/**
 * Writes a file so that, whatever happens, the path holds the old content or the new, never a part: the bytes go to a file beside
 * it, reach the disk, and take the name in one step.
 *
 * @throws CheckpointError DISK_FULL, NOT_WRITABLE, FILE_FAILED
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}${UNFINISHED}`);
  try {
    const file = await open(beside, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await unlink(beside).catch(() => {});
    throw fileError(cause, path, "writing");
  }
}

/** Makes a rename itself certain. Some systems cannot open folders; there the rename is as certain as they make it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  if (!folder) return;
  try {
    await folder.sync().catch(() => {});
  } finally {
    await folder.close();
  }
}
