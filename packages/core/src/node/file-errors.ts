import { CheckpointError } from "../errors.js";

const REASONS: Readonly<Record<string, readonly [code: string, what: string, fix: string]>> = {
  ENOSPC: ["DISK_FULL", "the disk is full", "Free some space and resume the run: nothing written before is lost."],
  EDQUOT: [
    "DISK_FULL",
    "the disk quota is used up",
    "Free some space and resume the run: nothing written before is lost.",
  ],
  EACCES: ["NOT_WRITABLE", "permission is denied", "Choose a folder that you may write to (--out DIR)."],
  EPERM: ["NOT_WRITABLE", "permission is denied", "Choose a folder that you may write to (--out DIR)."],
  EROFS: ["NOT_WRITABLE", "the file system is read-only", "Choose a folder that you may write to (--out DIR)."],
  ENOTDIR: ["NOT_WRITABLE", "a part of the path is a file", "Choose another folder (--out DIR)."],
  EISDIR: ["NOT_WRITABLE", "there is a folder of that name", "Choose another name."],
  ENOENT: ["NOT_FOUND", "it does not exist", "Check the path."],
};

/** A failed file operation as an error that says what to do. */
export function fileError(cause: unknown, path: string, doing: string): CheckpointError {
  const system = (cause as NodeJS.ErrnoException | null)?.code ?? "";
  const [code, what, fix] = REASONS[system] ?? [
    "FILE_FAILED",
    cause instanceof Error ? cause.message : String(cause),
    "Check the path and the disk.",
  ];
  return new CheckpointError(code, `${doing} failed: ${what}`, { where: path, fix, cause });
}
