import {
  constant,
  div,
  ndarray,
  type Program,
  replaceResults,
  resultsOf,
  rewriteTensors,
  type Shape,
  sub,
} from "@semblance/core";
import type { Learned } from "./learned.js";

/** `(x − subtract) / divideBy`, element by element of a flattened row. */
export interface Preparation {
  readonly subtract: Float64Array;
  readonly divideBy: Float64Array;
}

/** A constant column becomes 0 whatever stands in it: what float32 holds is next to nothing beside this. */
const VANISHING = 3.4028234663852886e38;

/** `(x − offset) / scale`, before anything else. */
export interface Linear {
  readonly offset?: number | undefined;
  readonly scale?: number | undefined;
}

/** How the rows of a run were prepared, or undefined where they are taken as they stand in the data. */
export function preparationOf({ offset = 0, scale = 1 }: Linear, { fitted }: Learned): Preparation | undefined {
  const { width, standardiser } = fitted;
  if (standardiser) {
    const { mean, minimum, range, deviation } = standardiser;
    return {
      subtract: mean.map((each, k) => minimum[k]! + each * range[k]!),
      divideBy: deviation.map((each, k) => (range[k] === 0 ? VANISHING : each * range[k]!)),
    };
  }
  if (offset === 0 && scale === 1) return undefined;
  return { subtract: new Float64Array(width).fill(offset), divideBy: new Float64Array(width).fill(scale) };
}

/**
 * A program whose input `data` takes rows as they are, and prepares them first.
 *
 *     (x − high − low) / divideBy        high + low = subtract
 *
 * In two parts, because a mean rounded to float32 would be off by many deviations where a column lies far from 0.
 */
export function foldPreparation(program: Program, { subtract, divideBy }: Preparation): Program {
  const input = program.inputs.data!;
  const item = input.shape.slice(1);
  const high = subtract.map(Math.fround);
  const low = subtract.map((value, k) => value - high[k]!);
  const centred = sub(input, constantOf(high, item));
  const exact = low.every((value) => Math.fround(value) === 0) ? centred : sub(centred, constantOf(low, item));
  const prepared = div(exact, constantOf(divideBy, item));
  const replaced = rewriteTensors(resultsOf(program), (tensor) => (tensor === input ? prepared : tensor));
  return replaceResults(program, (tensor) => replaced.get(tensor)!);
}

/** One number where all are equal. */
function constantOf(values: Float64Array, item: Shape) {
  const alike = values.every((value) => value === values[0]);
  return constant(alike ? ndarray("float32", [], [values[0]!]) : ndarray("float32", item, Float32Array.from(values)));
}
