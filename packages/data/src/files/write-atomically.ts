import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isSemblanceError } from "@semblance/core";
import { writeFailed, writeTargetNotAFile } from "../errors/write-errors.js";

/**
 * Writes a file whole or not at all: into a temporary file beside it, which then takes its name.
 *
 * An error while `chunks` is drawn removes the temporary file and passes through; an existing file then stays as it was.
 *
 * Errors   WRITE_DENIED, DISK_FULL, FOLDER_NOT_FOUND, IS_A_FOLDER, NOT_A_FILE, WRITE_FAILED
 */
export async function writeAtomically(path: string, chunks: Iterable<Uint8Array | string>): Promise<void> {
  let temporary: string | undefined;
  try {
    const target = await writableTarget(path);
    temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.tmp`);
    const file = await open(temporary, "wx");
    try {
      for (const chunk of chunks) await file.writeFile(chunk);
      // Without this, a power cut after the rename can leave an empty file under the final name.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    // The first error is the one worth reporting, whether or not the clean-up succeeds.
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    throw isSemblanceError(error) ? error : writeFailed(path, error);
  }
}

/** The file behind `path`, through links. A rename onto a device or a link would replace the device or link itself. */
async function writableTarget(path: string): Promise<string> {
  const info = await stat(path).catch((error: { code?: string }) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (info === undefined) return path;
  if (info.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: "EISDIR" });
  if (!info.isFile()) throw writeTargetNotAFile(path);
  return await realpath(path);
}
