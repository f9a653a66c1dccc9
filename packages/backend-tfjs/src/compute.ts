import { isSemblanceError, requireIndices, type Tensor, type TypedArray } from "@semblance/core";
import { runFailed } from "./errors.js";
import { clippedIndices } from "./index-guard.js";
import type { Operations } from "./operations.js";
import type { PlannedStep } from "./plan.js";
import type { TfTensor } from "./tf-api.js";

/** What one run of a graph holds. */
export interface RunState {
  readonly graph: string;
  /** What has been computed, or was given, and is still to be read. */
  readonly values: Map<Tensor, TfTensor>;
  /** The part of it that the run has made. */
  readonly made: Set<TfTensor>;
  readonly flags: RaisedFlag[];
  /** What the host knows of the graph's input of a position. */
  indicesOf(input: number): TypedArray | undefined;
}

/** Where an index was out of range, if the flag says so. */
export interface RaisedFlag {
  readonly flag: TfTensor;
  readonly op: string;
  readonly extent: number;
}

/**
 * Computes one primitive, and disposes of what was read for the last time.
 *
 * @throws BackendError RUN_FAILED; ShapeError INDEX_OUT_OF_RANGE
 */
export function compute(step: PlannedStep, tf: Operations, run: RunState): void {
  const { tensor, sources, kernel, check, done } = step;
  const { values, made } = run;
  try {
    const inputs = sources.map((source) => values.get(source)!);
    if (check) {
      const fed = check.kind === "fed" ? run.indicesOf(check.input) : undefined;
      if (fed) requireIndices(fed, check.op, check.extent);
      else {
        const { clipped, flag } = clippedIndices(tf, values.get(tensor.inputs[1]!)!, check.extent);
        tf.keep(flag);
        run.flags.push({ flag, op: check.op, extent: check.extent });
        if (sources.length > 1) inputs[1] = clipped;
      }
    }
    const result = tf.finish(kernel({ tf, inputs, sources, attributes: tensor.attributes, to: tensor }));
    values.set(tensor, result);
    made.add(result);
  } catch (cause) {
    tf.abandon();
    throw isSemblanceError(cause) ? cause : runFailed(tf.device, run.graph, tensor.op.name, cause);
  }
  for (const source of done) {
    const value = values.get(source)!;
    made.delete(value);
    values.delete(source);
    value.dispose();
  }
}
