/** What keeps a package from being made: what was wrong, where, and what to do. It has the form of Semblance's own errors. */
export class CreateError extends Error {
  constructor(
    readonly code: "USAGE" | "NAME_INVALID" | "FOLDER_NOT_EMPTY" | "FOLDER_UNUSABLE" | "LICENCE_UNKNOWN",
    message: string,
    readonly details: { readonly where: string; readonly fix: string; readonly cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.name = "CreateError";
  }
}
