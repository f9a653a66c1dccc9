import { DataError } from "@semblance/core";

/** What each system error means for somebody who asked for a file to be written. */
const REASONS: Readonly<Record<string, readonly [code: string, reason: string, fix: string]>> = {
  EACCES: ["WRITE_DENIED", "permission is denied", "Choose a folder that you may write to."],
  EPERM: ["WRITE_DENIED", "the system does not permit it", "Choose a folder that you may write to."],
  EROFS: ["WRITE_DENIED", "the file system is read-only", "Choose a folder on a disk that can be written."],
  ENOSPC: ["DISK_FULL", "the disk is full", "Free some space, or choose a folder on another disk."],
  EDQUOT: ["DISK_FULL", "your disk quota is used up", "Free some space, or choose a folder on another disk."],
  ENOENT: ["FOLDER_NOT_FOUND", "its folder does not exist", "Create the folder first, or correct the path."],
  ENOTDIR: ["FOLDER_NOT_FOUND", "a part of its path is not a folder", "Correct the path."],
  EISDIR: ["IS_A_FOLDER", "a folder has that name", "Choose another file name."],
};

/** The error for a file that could not be written. Nothing was left behind at `path`. */
export function writeFailed(path: string, cause: unknown): DataError {
  const system = (cause as { code?: string }).code ?? "unknown reason";
  const [code, reason, fix] = REASONS[system] ?? ["WRITE_FAILED", system, "Check the path and the disk it is on."];
  return new DataError(code, `${path} cannot be written: ${reason}`, { where: path, fix, cause });
}

export const writeTargetNotAFile = (path: string) =>
  new DataError("NOT_A_FILE", `${path} cannot be written: it is a device, pipe or socket`, {
    where: path,
    fix: "Choose the name of a regular file.",
  });

export const writeNotFinite = (value: number, where: string) =>
  new DataError("VALUE_NOT_FINITE", `${value} cannot be written: a data file holds finite numbers`, {
    where,
    fix: "Find out where the value came from, or leave that row out.",
  });

export const writeShapeMismatch = (expected: number, found: number, what: string) =>
  new DataError("TABLE_MALFORMED", `${what} has ${found} values where ${expected} are needed`, {
    where: what,
    fix: "Give every column the same number of rows, and an array as many values as its shape says.",
  });

export const writeRankUnsupported = (format: string, rank: number) =>
  new DataError("RANK_UNSUPPORTED", `an array with ${rank} axes cannot be written as ${format}`, {
    where: `the table for ${format}`,
    fix: "Write it as .npy, or reshape it to rows and columns.",
  });

export const writeTextInArray = (column: string) =>
  new DataError("TEXT_IN_ARRAY", `column "${column}" is text and an .npy file holds numbers only`, {
    where: `column "${column}"`,
    fix: "Write .csv, .tsv or .jsonl, or leave the column out.",
  });

export const writeColumnRepeated = (column: string) =>
  new DataError("COLUMN_REPEATED", `two columns are called "${column}"`, {
    where: `column "${column}"`,
    fix: "Give every column a name of its own.",
  });
