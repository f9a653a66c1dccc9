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

  const { value, matrix, probabilities, gradients = {} } = item.expected ?? {};
  if (value !== undefined) compare("value", [value], [got.value ?? Number.NaN]);
  if (matrix) compareArrays("matrix", matrix, got.matrix);
  if (probabilities) compareArrays("probabilities", probabilities, got.probabilities);
  for (const tuples of ["triplets", "pairs"] as const) {
    const expected = item.expected?.[tuples];
    const difference = expected && differenceOfTuples(expected, got[tuples]);
    if (!difference) continue;
    failures.push(`${tuples}: ${difference}`);
    error = Number.POSITIVE_INFINITY;
  }
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

/** How two lists of index tuples differ as sets; undefined where they do not. */
function differenceOfTuples(expected: NumberArray, got: NumberArray | undefined): string | undefined {
  if (!got) return "missing";
  const [wanted, had] = [tupleSet(expected), tupleSet(got)];
  const missing = [...wanted].filter((tuple) => !had.has(tuple));
  const surplus = [...had].filter((tuple) => !wanted.has(tuple));
  if (missing.length === 0 && surplus.length === 0) return undefined;
  const show = (tuples: readonly string[]) => tuples.slice(0, 5).join(" ") || "none";
  return `missing ${show(missing)}; not expected ${show(surplus)}`;
}

function tupleSet({ shape, data }: NumberArray): Set<string> {
  const width = shape[1] ?? 1;
  const numbers = Array.from(data);
  return new Set(Array.from({ length: shape[0] ?? 0 }, (_, i) => `(${numbers.slice(i * width, (i + 1) * width)})`));
}
