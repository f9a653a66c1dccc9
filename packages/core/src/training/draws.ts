import type { FloatDType } from "../arrays/dtype.js";
import { ndarray, sizeOf } from "../arrays/nd-array.js";
import type { Arrays } from "../contracts/backend.js";
import type { Draw } from "../contracts/loss.js";
import { spec } from "../ir/program.js";
import type { TensorSpec } from "../ir/tensor.js";
import type { Key } from "../random/key.js";
import type { Learner } from "./learner.js";

const DRAW = "draw/";

/** What the loss of a learner has drawn for each step. */
function drawsOf({ loss, shape }: Learner, rows: number): Readonly<Record<string, Draw>> {
  return loss.entry.draws?.(loss.config, { rows, width: shape.outputs }) ?? {};
}

/** The inputs that these numbers add to the training step. */
export function drawInputs(learner: Learner, rows: number, float: FloatDType): Record<string, TensorSpec> {
  const draws = Object.entries(drawsOf(learner, rows));
  return Object.fromEntries(draws.map(([name, { shape }]) => [DRAW + name, spec(float, shape)]));
}

/** The inputs of the loss that are drawn, found among what a step is fed. */
export function drawnInputs<Value>(
  learner: Learner,
  rows: number,
  fed: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(Object.keys(drawsOf(learner, rows)).map((name) => [name, fed[DRAW + name]!]));
}

/**
 * This step's numbers, by its number alone: what was drawn before does not matter, so that nothing of it is kept in a checkpoint.
 */
export function drawFeeds(
  learner: Learner,
  {
    key,
    step,
    rows,
    float,
  }: { readonly key: Key; readonly step: number; readonly rows: number; readonly float: FloatDType },
): Arrays {
  return Object.fromEntries(
    Object.entries(drawsOf(learner, rows)).map(([name, { shape, from }]) => {
      const own = key.fold(DRAW + name).fold(step);
      const size = sizeOf(shape);
      return [DRAW + name, ndarray(float, shape, from === "normal" ? own.normal(size) : own.uniform(size))];
    }),
  );
}
