import {
  buildContext,
  createCatalogue,
  type FloatDType,
  gradients,
  type NdArray,
  ndarray,
  referenceBackend,
  resultsOf,
  spec,
  type Tensor,
  topologicalOrder,
  trace,
} from "@semblance/core";
import { runOnce } from "@semblance/core/testing";
import { metricPlugin } from "../src/metric-plugin.js";
import { divergencesPlugin } from "./divergences.js";
import type { Rows } from "./evaluate.js";

const catalogue = createCatalogue([metricPlugin, divergencesPlugin]);
const backend = referenceBackend();

export interface BatchInputs {
  readonly embeddings?: Rows;
  readonly labels?: readonly number[];
  readonly relations?: Rows;
  readonly anchors?: Rows;
  readonly positives?: Rows;
}

export interface BatchOutcome {
  readonly value: number;
  /** By input name, flat. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** What the loss tells training. */
  readonly monitors: Readonly<Record<string, number>>;
  /** Elements of the largest array that value and gradient are computed through. */
  readonly largest: number;
}

/** A loss of this package on the inputs of a batch, its gradients, and what it tells training. */
export async function runBatch(
  loss: { readonly name: string; readonly [key: string]: unknown },
  inputs: BatchInputs,
  dtype: FloatDType = "float64",
): Promise<BatchOutcome> {
  const { entry, config } = catalogue.choose("loss", loss);
  const arrays = Object.fromEntries(
    Object.entries(inputs).map(([name, given]): [string, NdArray] => {
      if (name === "labels") return [name, ndarray("int32", [given.length], given)];
      return [name, ndarray(dtype, [given.length, given[0]?.length ?? 0], given.flat())];
    }),
  );
  const by = Object.keys(arrays).filter((name) => entry.inputs[name]!.differentiable);
  const program = trace({
    name: entry.name,
    inputs: Object.fromEntries(Object.entries(arrays).map(([name, { shape, dtype }]) => [name, spec(dtype, shape)])),
    build(fed) {
      const told: Record<string, Tensor> = {};
      const cx = buildContext(catalogue, {}, undefined, (name, tensor) => {
        told[`monitor/${name}`] = tensor;
      });
      const value = entry.build(fed, config, cx);
      const slopes = gradients(
        value,
        by.map((name) => fed[name]!),
      );
      return {
        outputs: { value, ...told, ...Object.fromEntries(by.map((name, at) => [`slope/${name}`, slopes[at]!])) },
      };
    },
  });
  const results = await runOnce(backend, program, arrays);
  const under = <T>(prefix: string, read: (array: NdArray) => T) =>
    Object.fromEntries(
      Object.entries(results).flatMap(([name, array]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), read(array)]] : [],
      ),
    );
  return {
    value: results.value!.data[0]!,
    gradients: under("slope/", ({ data }) => Array.from(data)),
    monitors: under("monitor/", ({ data }) => data[0]!),
    largest: Math.max(...topologicalOrder(resultsOf(program)).map(({ size }) => size)),
  };
}

/** Every pair of rows, similar where their labels are. */
export const relationsOfLabels = (labels: readonly number[]): number[][] =>
  labels.map((a, i) => labels.map((b, j) => (i === j ? 0 : a === b ? 1 : -1)));
