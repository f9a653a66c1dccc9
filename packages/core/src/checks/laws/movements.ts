import { type NdArray, sizeOf } from "../../arrays/nd-array.js";
import type { LossLaw, LossLawSubject } from "../../contracts/loss-law.js";
import type { Key } from "../../random/key.js";
import { differing, mapRows } from "./law.js";

type Move = (width: number, key: Key) => (row: number[], index: number) => readonly number[];

/** The value of a loss whose real inputs, and owned weights of the same width, are moved together. */
async function moved(subject: LossLawSubject, move: Move, weights: boolean): Promise<string | undefined> {
  const widths = new Set<number>();
  const each = (array: NdArray): NdArray => {
    const width = array.shape.at(-1)!;
    return mapRows(array, move(width, subject.key.fold(width)));
  };
  const inputs = subject.inputsOn("real").flatMap((name) => {
    const array = subject.inputs[name]!;
    if (array.shape.length < 2 || sizeOf(array.shape) === 0) return [];
    widths.add(array.shape.at(-1)!);
    return [[name, each(array)] as const];
  });
  const parameters = Object.entries(subject.parameters).flatMap(([name, array]) =>
    weights && array.shape.length >= 2 && widths.has(array.shape.at(-1)!) ? [[name, each(array)] as const] : [],
  );
  const { value } = await subject.evaluate({
    inputs: Object.fromEntries(inputs),
    parameters: Object.fromEntries(parameters),
  });
  return differing(value, (await subject.evaluate()).value, "after the move the value");
}

/** A number added to each row of the real inputs is not seen: what logits owe to the softmax. */
export const rowShiftInvariant: LossLaw = {
  name: "row-shift-invariant",
  check: (subject) =>
    moved(subject, (_, key) => (row, index) => row.map((element) => element + key.fold(index).normal(1)[0]!), false),
};

/** One vector added to all rows is not seen. */
export const translationInvariant: LossLaw = {
  name: "translation-invariant",
  check: (subject) =>
    moved(
      subject,
      (width, key) => {
        const shift = key.normal(width);
        return (row) => row.map((element, at) => element + shift[at]!);
      },
      true,
    ),
};

/** A rotation of all rows is not seen. */
export const rotationInvariant: LossLaw = {
  name: "rotation-invariant",
  check: (subject) =>
    moved(
      subject,
      (width, key) => {
        // A Householder reflection x − 2u(u·x) by a drawn unit vector: orthogonal, and it mixes all columns.
        const drawn = key.normal(width);
        const length = Math.hypot(...drawn);
        const u = drawn.map((element) => element / length);
        return (row) => {
          const along = row.reduce((sum, element, at) => sum + element * u[at]!, 0);
          return row.map((element, at) => element - 2 * along * u[at]!);
        };
      },
      true,
    ),
};
