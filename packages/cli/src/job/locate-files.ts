import { DataError, isSemblanceError } from "@semblance/core";
import type { Job } from "./job-schema.js";
import type { JobSource } from "./job-source.js";

/** An error about a file that a job names, with the key that names it and the folder that its path is taken from. */
export function locateFile(error: unknown, where: string, folder: string): unknown {
  if (!isSemblanceError(error)) return error;
  const { code, message, where: file, fix } = error;
  const told = file === undefined || message.includes(file) ? message : `${message}: ${file}`;
  const taken = `Relative paths are taken from the job's folder, ${folder}.`;
  const kept = code === "FILE_NOT_FOUND" && !fix?.startsWith("Did you mean") ? undefined : fix;
  return new DataError(code, told, { where, fix: kept === undefined ? taken : `${kept} ${taken}`, cause: error });
}

/** The same for the data, where they are missing. */
export function locateMissingData(error: unknown, source: JobSource, { data }: Job): unknown {
  const missing = isSemblanceError(error) && error.code === "FILE_NOT_FOUND" && error.where === data.source;
  return missing ? locateFile(error, source.locate(["data", "source"]), source.folder) : error;
}
