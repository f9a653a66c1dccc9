import { type NdArray, sameShape, showShape } from "../arrays/nd-array.js";

export interface DifferenceOptions {
  readonly tolerance: number;
  /** Divide by |expected| alone instead of max(1, |expected|). */
  readonly relative?: boolean;
}

/**
 * What is wrong with an array, in words, or undefined when nothing is.
 *
 * An element is right when |got − expected| / max(1, |expected|) ≤ tolerance. Where the expected number cannot be held by the type
 * that was asked for (it overflows, or is not a number), the element must be that infinity or NaN. 0 and −0 are equal.
 */
export function differenceOf(got: NdArray, expected: NdArray, options: DifferenceOptions): string | undefined {
  if (!sameShape(got.shape, expected.shape)) {
    return `has shape ${showShape(got.shape)}, expected ${showShape(expected.shape)}`;
  }
  if (got.data.length !== expected.data.length) return `holds ${got.data.length} of ${expected.data.length} elements`;
  let worst = 0;
  let message: string | undefined;
  let wrong = 0;
  for (let index = 0; index < got.data.length; index++) {
    const error = errorOf(got, expected, index, options.relative ?? false);
    if (error <= options.tolerance) continue;
    wrong++;
    if (error <= worst) continue;
    worst = error;
    message = `element ${index} of ${got.dtype}${showShape(got.shape)} is ${got.data[index]}, expected ${expected.data[index]}: off by ${error.toExponential(2)}, tolerated ${options.tolerance}`;
  }
  return message && `${message} (${wrong} of ${got.data.length} elements)`;
}

function errorOf(got: NdArray, expected: NdArray, index: number, relative: boolean): number {
  const actual = got.data[index]!;
  const wanted = got.dtype === "float32" ? Math.fround(expected.data[index]!) : expected.data[index]!;
  if (Object.is(actual, wanted) || actual === wanted) return 0;
  if (!Number.isFinite(wanted) || !Number.isFinite(actual)) return Number.POSITIVE_INFINITY;
  // The unrounded number is the judge: rounding it first would add half a unit of its own.
  const exact = expected.data[index]!;
  const scale = relative ? Math.abs(exact) : Math.max(1, Math.abs(exact));
  return Math.abs(actual - exact) / (scale || Number.MIN_VALUE);
}
