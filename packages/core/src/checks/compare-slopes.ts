import { type NdArray, ndarray, showShape } from "../arrays/nd-array.js";
import type { Arrays, Executable } from "../contracts/backend.js";
import type { Key } from "../random/key.js";
import { CheckFailedError } from "./check.js";
import { judgeSlope } from "./slope.js";

/** Arrays of up to this many elements are differenced element by element; of larger ones this many drawn elements. */
const FEW = 40;
const DRAWN = 10;
/** Directions that see every element at once. */
const DENSE = 2;

export interface SlopeClaim {
  /** What is differentiated, as messages call it. */
  readonly what: string;
  readonly where: string;
  /** A program whose output `value` is the number that is differentiated. */
  readonly valueOf: Executable;
  /** All that it is fed, and the names of those float64 inputs that are moved. */
  readonly feeds: Arrays;
  readonly moving: readonly string[];
  /** The claimed gradient, an array for each of the moved inputs. */
  readonly gradients: Arrays;
  readonly key: Key;
  /** What the author can do where the claim is wrong. */
  readonly fix: string;
}

/**
 * Compares a claimed gradient with differences, in float64.
 *
 * @throws CheckFailedError CHECK_GRADIENT_WRONG naming input and element; CHECK_GRADIENT_UNTESTED where most of it sits on kinks
 */
export async function compareSlopes(claim: SlopeClaim): Promise<void> {
  const { what, where, valueOf, feeds, moving, gradients, key, fix } = claim;
  let kinks = 0;
  let told = 0;
  for (const name of moving) {
    const at = feeds[name]!;
    const slope = gradients[name]!;
    for (const { label, direction } of directions(at, key.fold(name))) {
      const along = (t: number) => Float64Array.from(at.data, (element, index) => element + t * direction[index]!);
      const f = async (t: number) =>
        (await valueOf.run({ ...feeds, [name]: ndarray("float64", at.shape, along(t)) })).value!.data[0]!;
      const claimed = direction.reduce((sum, weight, index) => sum + weight * slope.data[index]!, 0);
      const verdict = await judgeSlope(f, claimed);
      if (verdict.kind === "agrees") told++;
      else if (verdict.kind === "kink") kinks++;
      else {
        throw new CheckFailedError(
          "CHECK_GRADIENT_WRONG",
          `the gradient of ${what} by ${name}, ${label}, is ${claimed}; differences say ${verdict.expected}`,
          { where: `${where}, ${name} ${showShape(at.shape)}`, fix },
        );
      }
    }
  }
  if (kinks > told) {
    throw new CheckFailedError(
      "CHECK_GRADIENT_UNTESTED",
      `${kinks} of ${kinks + told} slopes of ${what} lie on kinks at the drawn point, so that its gradient cannot be judged`,
      { where, fix: "Give `examples` of configurations that are smooth at ordinary points." },
    );
  }
}

function* directions(at: NdArray, key: Key): Generator<{ label: string; direction: Float64Array }> {
  const size = at.data.length;
  const elements = size <= FEW ? [...Array(size).keys()] : [...key.permutation(size).subarray(0, DRAWN)];
  for (const element of elements) {
    const direction = new Float64Array(size);
    direction[element] = 1;
    yield { label: `element ${element}`, direction };
  }
  for (let dense = 0; dense < DENSE && size > 1; dense++) {
    yield { label: "along all elements", direction: key.fold("dense").fold(dense).normal(size) };
  }
}
