import type { NdArray } from "../../arrays/nd-array.js";
import type { LossLawValue } from "../../contracts/loss-law.js";

/** Float64 and some hundred terms: an honest law holds to 1e−12; cancellation and roots of small numbers lose half of that. */
const TOLERANCE = 1e-8;

/** In words how two numbers that should be one differ; undefined where they do not. */
export function differing(got: number, expected: number, what: string): string | undefined {
  if (Math.abs(got - expected) <= TOLERANCE * Math.max(1, Math.abs(expected))) return undefined;
  return `${what} is ${got}, not ${expected}`;
}

/** The same of all gradients, elementwise. */
export function differingGradients(
  got: LossLawValue["gradients"],
  expected: LossLawValue["gradients"],
): string | undefined {
  for (const [name, { data }] of Object.entries(expected)) {
    for (const [at, element] of data.entries()) {
      const complaint = differing(got[name]!.data[at]!, element, `the gradient by ${name} at element ${at}`);
      if (complaint) return complaint;
    }
  }
  return undefined;
}

/** An array [n, k] with each row replaced. */
export function mapRows(array: NdArray, f: (row: number[], index: number) => readonly number[]): NdArray {
  const width = array.shape.at(-1)!;
  const rows = Array.from({ length: array.data.length / width }, (_, index) =>
    f(Array.from(array.data.subarray(index * width, (index + 1) * width)), index),
  );
  return {
    dtype: "float64",
    shape: [...array.shape.slice(0, -1), rows[0]?.length ?? width],
    data: Float64Array.from(rows.flat()),
  };
}
