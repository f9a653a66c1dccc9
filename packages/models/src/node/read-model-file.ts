import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { DataError } from "@semblance/core";
import { OnnxError } from "../onnx/errors.js";

/** The most that a Protocol Buffers file may have. */
const LARGEST_BYTES = 2 ** 31 - 1;

/**
 * Reads a model file.
 *
 * @param sha256 the digest that the file must have, where it is known
 * @throws DataError FILE_NOT_FOUND, FILE_UNREADABLE, FILE_CHANGED; OnnxError ONNX_TOO_LARGE
 */
export function readModelFile(file: string, sha256?: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(file);
    if (size > LARGEST_BYTES) {
      throw new OnnxError("ONNX_TOO_LARGE", `the file has ${size} bytes`, { where: file, fix: "Use a smaller model." });
    }
    bytes = readFileSync(file);
  } catch (cause) {
    if (cause instanceof OnnxError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new DataError("FILE_NOT_FOUND", "there is no such model file", {
        where: file,
        fix: "Correct the path, which is seen from the folder of the job file; for a run that was made before it moved, correct model.file in the run's job.json.",
        cause,
      });
    }
    const what = code === "EISDIR" ? "it is a folder" : (code ?? String(cause));
    throw new DataError("FILE_UNREADABLE", `the model file cannot be read: ${what}`, {
      where: file,
      fix: "Name a file that you may read.",
      cause,
    });
  }
  if (sha256 === undefined || digestOf(bytes) === sha256) return bytes;
  throw new DataError("FILE_CHANGED", "the model file is another than the one that was named", {
    where: file,
    fix: `Bring back the file with the digest ${sha256}, or leave sha256 out.`,
  });
}

export const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
