import { sameShape, showShape } from "../arrays/nd-array.js";
import { type Case, isArray } from "./case.js";
import type { CaseResult } from "./evaluate-case.js";
import type { NumberArray } from "./named-arrays.js";

/** How a result compares with what a case expects. */
export interface Comparison {
  /** Whether everything expected came out within the tolerance. */
  readonly passed: boolean;
  /** The largest |got − expected| / max(1, |expected|). */
  readonly error: number;
  /** What is off, one line each. */
  readonly failures: readonly string[];
}

/** Compares a result with the expectation of its case, elementwise. Anything that is not a number is off. */
export function compareCase(item: Case, got: CaseResult, tolerance: number): Comparison {
  const failures: string[] = [];
  let error = 0;
  const compare = (what: string, expected: ArrayLike<number>, actual: ArrayLike<number>) => {
    let worst = 0;
    let at = 0;
    for (let i = 0; i < expected.length; i++) {
      const off = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
      // Written so that NaN counts as the worst.
      if (!(off <= worst)) [worst, at] = [Number.isNaN(off) ? Number.POSITIVE_INFINITY : off, i];
    }
    error = Math.max(error, worst);
    if (worst > tolerance) {
      const place = expected.length > 1 ? `[${at}]` : "";
      failures.push(`${what}${place} is ${actual[at]}, expected ${expected[at]} (error ${worst.toExponential(1)})`);
    }
  };
  const compareArrays = (what: string, expected: NumberArray, actual: NumberArray | undefined) => {
    if (actual && sameShape(expected.shape, actual.shape)) return compare(what, expected.data, actual.data);
    failures.push(`${what} is ${actual ? showShape(actual.shape) : "missing"}, expected ${showShape(expected.shape)}`);
    error = Number.POSITIVE_INFINITY;
  };

  const { value, matrix, gradients = {} } = item.expected ?? {};
  if (value !== undefined) compare("value", [value], [got.value ?? Number.NaN]);
  if (matrix) compareArrays("matrix", matrix, got.matrix);
  for (const [name, expected] of Object.entries(gradients)) {
    const actual = got.gradients?.[name];
    if (isArray(expected)) {
      compareArrays(`gradient by ${name}`, expected, actual && isArray(actual) ? actual : undefined);
      continue;
    }
    for (const [inner, array] of Object.entries(expected)) {
      const own = actual && !isArray(actual) ? actual[inner] : undefined;
      compareArrays(`gradient by ${name}.${inner}`, array, own);
    }
  }
  return { passed: failures.length === 0, error, failures };
}
