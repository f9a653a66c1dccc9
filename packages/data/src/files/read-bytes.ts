import { constants } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { nearNames } from "@semblance/core";
import {
  fileEmpty,
  fileNotFound,
  fileTooLarge,
  fileUnreadable,
  gzipDamaged,
  gzipTruncated,
  isFolder,
  notAFile,
} from "../errors/file-errors.js";

/** The most that one file may hold, before and after decompression: Node reads no larger file into one buffer. */
export const MAX_BYTES = 2 ** 31 - 1;

/** Node inflates in pieces of 16 KiB unless told otherwise, and then takes twice as long over large files. */
const CHUNK_BYTES = 2 ** 20;

const inflate = promisify(gunzip);

/**
 * The whole content of a regular file, decompressed when its name ends in `.gz`.
 *
 * Errors   FILE_NOT_FOUND, IS_A_FOLDER, NOT_A_FILE, FILE_UNREADABLE, FILE_EMPTY, FILE_TOO_LARGE, GZIP_TRUNCATED, GZIP_DAMAGED
 */
export async function readBytes(path: string, limit = MAX_BYTES): Promise<Uint8Array> {
  const bytes = await readPlain(path, limit);
  if (!path.toLowerCase().endsWith(".gz")) return bytes;
  const content = await decompress(path, bytes, limit);
  if (content.length === 0) throw fileEmpty(path);
  return content;
}

async function readPlain(path: string, limit: number): Promise<Uint8Array> {
  const info = await stat(path).catch(async (cause: unknown) => {
    if ((cause as { code?: string }).code !== "ENOENT") throw fileUnreadable(path, cause);
    throw fileNotFound(path, await nearPath(path));
  });
  if (info.isDirectory()) throw isFolder(path);
  // Reading a pipe or a device such as /dev/zero may never end.
  if (!info.isFile()) throw notAFile(path);
  if (info.size === 0) throw fileEmpty(path);
  if (info.size > limit) throw fileTooLarge(path, limit);
  try {
    // O_NONBLOCK: should the file have become a pipe since, opening it must not wait for a writer. Windows lacks the flag.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileUnreadable(path, cause);
  }
}

async function decompress(path: string, bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    // The output grows as it is produced, so a small file that claims to be huge costs nothing before the limit stops it.
    return await inflate(bytes, { maxOutputLength: limit, chunkSize: CHUNK_BYTES });
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === "ERR_BUFFER_TOO_LARGE") throw fileTooLarge(path, limit);
    if (code === "Z_BUF_ERROR") throw gzipTruncated(path, cause);
    throw gzipDamaged(path, cause);
  }
}

async function nearPath(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const near = nearNames(basename(path), names)[0];
  return near === undefined ? undefined : join(folder, near);
}
