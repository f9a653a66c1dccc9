/**
 * Every error that Semblance throws on purpose: what was wrong, where, and what to do about it.
 *
 * `code` is stable and documented; `where` and `fix` are single sentences that the command line prints on lines of their own.
 */
export interface ErrorDetails {
  /** The loss, operator, file, line, row or key at fault. */
  readonly where?: string;
  /** What the reader can do about it. */
  readonly fix?: string;
  readonly cause?: unknown;
}

const BRAND: unique symbol = Symbol.for("@semblance/core:error") as never;

export class SemblanceError extends Error {
  readonly code: string;
  readonly where: string | undefined;
  readonly fix: string | undefined;
  readonly [BRAND] = true;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.where = details.where;
    this.fix = details.fix;
  }
}

/** A tensor, array or program of the wrong rank, size or element type. */
export class ShapeError extends SemblanceError {}
/** A configuration, job file, option or name that cannot be understood. */
export class ConfigError extends SemblanceError {}
/** A file or array whose content cannot be used. */
export class DataError extends SemblanceError {}
/** A device that was named and cannot be had on this machine. */
export class BackendUnavailableError extends SemblanceError {}
/** A device that failed while compiling or running a program. */
export class BackendError extends SemblanceError {}
/** A checkpoint or saved model that is damaged, foreign or cannot be written. */
export class CheckpointError extends SemblanceError {}
/** A run whose loss or parameters stopped being finite. */
export class DivergedError extends SemblanceError {}
/** A plugin that cannot be registered. */
export class PluginError extends SemblanceError {}
/** A graph that breaks a rule which tracing should have kept: a fault of a pass, an operator or a backend. */
export class GraphError extends SemblanceError {}

/** Tells a Semblance error apart from any other, also across two installed copies of core. */
export function isSemblanceError(error: unknown): error is SemblanceError {
  return typeof error === "object" && error !== null && (error as { [BRAND]?: unknown })[BRAND] === true;
}
