import { isSemblanceError } from "../../src/errors.js";
import { input } from "../../src/ops/input.js";

export const f32 = (...shape: number[]) => input("x", "float32", shape);
export const f64 = (...shape: number[]) => input("x", "float64", shape);
export const i32 = (...shape: number[]) => input("x", "int32", shape);
export const bool = (...shape: number[]) => input("x", "bool", shape);

/** Code, message, place and advice, as a reader sees them. */
export function refusal(trace: () => unknown): string {
  try {
    trace();
  } catch (error) {
    if (!isSemblanceError(error)) throw error;
    return [`${error.code}: ${error.message}`, error.where, error.fix].filter(Boolean).join("\n");
  }
  throw new Error("nothing was refused");
}
