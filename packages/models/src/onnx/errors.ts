import { DataError, type ErrorDetails } from "@semblance/core";

/** An ONNX file that is damaged, or that says what cannot be computed here. Codes start with `ONNX_`. */
export class OnnxError extends DataError {
  /** Inputs and weights of the graph that would have to be known numbers, where that is what is missing. */
  readonly unknown: readonly string[];

  constructor(
    code: `ONNX_${string}`,
    message: string,
    details: ErrorDetails & { readonly unknown?: readonly string[] } = {},
  ) {
    super(code, message, details);
    this.unknown = details.unknown ?? [];
  }
}

/** Bytes that are no ONNX file. */
export function malformed(message: string, where: string): OnnxError {
  return new OnnxError("ONNX_MALFORMED", message, {
    where,
    fix: "The file is damaged or no ONNX model: get it again.",
  });
}

/** A size beyond what is worked with, met before anything of that size is allocated. */
export function tooLarge(message: string, where: string): OnnxError {
  return new OnnxError("ONNX_TOO_LARGE", message, { where, fix: "Use a smaller model or a smaller input." });
}

export function repeated(name: string, where: string): OnnxError {
  return new OnnxError("ONNX_NAME_REPEATED", `the name "${name}" is given twice`, { where, fix: FAULTY });
}

export function nameUnknown(name: string, where: string): OnnxError {
  return new OnnxError("ONNX_NAME_UNKNOWN", `nothing gives the value "${name}"`, { where, fix: FAULTY });
}

export function cycle(names: readonly string[], where: string): OnnxError {
  return new OnnxError("ONNX_CYCLE", `nodes wait for each other: ${names.join(", ")}`, { where, fix: FAULTY });
}

const FAULTY = "The file is damaged, or was written by a faulty exporter.";
