import type { Loss } from "../contracts/loss.js";
import { DataError } from "../errors.js";
import type { NumberArray } from "./named-arrays.js";

/** A row's sum may be off by this much: sums of many float32 numbers, and numbers that were written with five digits. */
const ROUNDING = 1e-4;

/**
 * Refuses rows that are no distributions, of the inputs that a loss takes them for: an element below 0, or a sum that is not 1.
 *
 * @throws DataError NOT_ON_SIMPLEX naming the input and the row
 */
export function requireSimplex(
  loss: Pick<Loss, "name" | "inputs">,
  inputs: Readonly<Record<string, NumberArray>>,
): void {
  for (const [name, { shape, data }] of Object.entries(inputs)) {
    const width = shape.at(-1) ?? 0;
    if (loss.inputs[name]?.domain !== "simplex" || width === 0) continue;
    const refuse = (message: string) => {
      throw new DataError("NOT_ON_SIMPLEX", message, {
        where: `loss "${loss.name}", input "${name}"`,
        fix: "Pass probabilities: numbers from 0 in rows that sum to 1, as a softmax makes them of logits.",
      });
    };
    for (let start = 0; start < data.length; start += width) {
      let sum = 0;
      for (let at = start; at < start + width; at++) {
        if (data[at]! < 0) refuse(`row ${start / width}, column ${at - start} of ${name} is ${data[at]}`);
        sum += data[at]!;
      }
      if (Math.abs(sum - 1) > ROUNDING) refuse(`row ${start / width} of ${name} sums to ${sum}`);
    }
  }
}
