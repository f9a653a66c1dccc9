import { DataError } from "@semblance/core";
import { listNames } from "../names/list-names.js";

/** Errors about files as such: not there, not readable, too large, of an unknown kind, badly compressed. */
export const fileNotFound = (path: string, near: string | undefined) =>
  new DataError("FILE_NOT_FOUND", `there is no file ${path}`, {
    where: path,
    fix: near === undefined ? "Check the path, which is taken from the current folder." : `Did you mean ${near}?`,
  });

export const isFolder = (path: string) =>
  new DataError("IS_A_FOLDER", `${path} is a folder, not a data file`, {
    where: path,
    fix: "Name one file inside it; folders of images are not supported yet.",
  });

export const notAFile = (path: string) =>
  new DataError("NOT_A_FILE", `${path} is a device, pipe or socket, not a regular file`, {
    where: path,
    fix: "Save the content to a file first and name that file.",
  });

export const fileUnreadable = (path: string, cause: unknown) => {
  const { code = "unknown reason" } = cause as { code?: string };
  const denied = code === "EACCES" || code === "EPERM";
  return new DataError("FILE_UNREADABLE", `${path} cannot be read (${code})`, {
    where: path,
    fix: denied ? "Give yourself read permission on the file and its folder." : "Check the path and the disk it is on.",
    cause,
  });
};

export const fileEmpty = (path: string) =>
  new DataError("FILE_EMPTY", `${path} is empty`, { where: path, fix: "Pass a file with at least two rows of data." });

export const fileTooLarge = (path: string, limit: number) =>
  new DataError("FILE_TOO_LARGE", `${path} holds more than ${Math.floor(limit / 2 ** 20)} MiB (uncompressed)`, {
    where: path,
    fix: "Split the file, or take a sample of its rows.",
  });

export const gzipTruncated = (path: string, cause: unknown) =>
  new DataError("GZIP_TRUNCATED", `the gzip stream in ${path} stops before its end`, {
    where: path,
    fix: "Copy or download the file again; `gzip -t FILE` tells whether it is whole.",
    cause,
  });

export const gzipDamaged = (path: string, cause: unknown) =>
  new DataError("GZIP_DAMAGED", `${path} ends in .gz but is not a valid gzip stream (${(cause as Error).message})`, {
    where: path,
    fix: "Copy or download the file again, or drop .gz from the name if it is not compressed.",
    cause,
  });

export const formatUnsupported = (path: string, supported: readonly string[]) =>
  new DataError("FORMAT_UNSUPPORTED", `${path}: the extension does not name a format that can be read`, {
    where: path,
    fix: `Use one of ${supported.join(", ")}, each also with .gz.`,
  });

export const writeFormatUnsupported = (path: string, supported: readonly string[]) =>
  new DataError("FORMAT_UNSUPPORTED", `${path}: the extension does not name a format that can be written`, {
    where: path,
    fix: `Use one of ${supported.join(", ")}.`,
  });

export const builtinUnknown = (name: string, known: readonly string[], near: string | undefined) =>
  new DataError("BUILTIN_UNKNOWN", `there is no built-in data set "${name}"`, {
    where: `builtin:${name}`,
    fix: near === undefined ? `Use one of ${listNames(known)}.` : `Did you mean builtin:${near}?`,
  });
