import type { Loss } from "../../contracts/loss.js";
import type { LossLaw } from "../../contracts/loss-law.js";
import { takeEverywhere } from "../loss/batch-checks.js";
import { rowAxis } from "../loss/draw-point.js";
import { differing, differingGradients } from "./law.js";

/** The order of the rows is of no consequence to the value, and gradients move with their rows. */
export const rowPermutationInvariant = (loss: Loss): LossLaw => ({
  name: "row-permutation-invariant",
  async check(subject) {
    const axis = rowAxis({ loss });
    const rows = Object.entries(subject.inputs).map(
      ([name, array]) => array.shape[loss.inputs[name]!.axes.indexOf(axis!)]!,
    )[0];
    if (rows === undefined) return undefined;
    const order = subject.key.fold("rows").permutation(rows);
    const { inputs } = takeEverywhere({ loss }, subject, () => order);
    const before = await subject.evaluate();
    const after = await subject.evaluate({ inputs });
    const own = Object.fromEntries(
      Object.entries(before.gradients).filter(([name]) => Object.hasOwn(loss.inputs, name)),
    );
    const { inputs: expected } = takeEverywhere({ loss }, { inputs: own, parameters: {} }, () => order);
    return (
      differing(after.value, before.value, "with rows in another order the value") ??
      differingGradients(after.gradients, { ...before.gradients, ...expected })
    );
  },
});

/** Every row twice gives the same value. */
export const repetitionInvariant = (loss: Loss): LossLaw => ({
  name: "repetition-invariant",
  async check(subject) {
    const { inputs } = takeEverywhere({ loss }, subject, (rows) =>
      Array.from({ length: 2 * rows }, (_, index) => index % rows),
    );
    return differing(
      (await subject.evaluate({ inputs })).value,
      (await subject.evaluate()).value,
      "with every row twice the value",
    );
  },
});

/** A loss that says it is a sum over the parts of a batch is one. */
export const sumOfShards = (loss: Loss): LossLaw => ({
  name: "sum-of-shards",
  async check(subject) {
    const part = (from: number, to: (rows: number) => number) =>
      subject.evaluate({
        inputs: takeEverywhere({ loss }, subject, (rows) =>
          Array.from({ length: to(rows) - from }, (_, index) => from + index),
        ).inputs,
      });
    const [first, rest] = [await part(0, () => 3), await part(3, (rows) => rows)];
    return differing(first.value + rest.value, (await subject.evaluate()).value, "the sum of two shards");
  },
});
