import {
  buildContext,
  type ComponentReference,
  createCatalogue,
  type FloatDType,
  gradients,
  Key,
  type NdArray,
  ndarray,
  referenceBackend,
  spec,
  trace,
} from "@semblance/core";
import { geminiPlugin } from "../src/gemini-plugin.js";

export const catalogue = createCatalogue([geminiPlugin]);
const backend = referenceBackend();

export type Rows = readonly (readonly number[])[];

/** Rows as an array. */
export function matrix(rows: Rows, dtype: FloatDType = "float64"): NdArray {
  return ndarray(dtype, [rows.length, rows[0]!.length], rows.flat());
}

/** An array [n, m] as rows. */
export function rowsOf({ shape, data }: NdArray): number[][] {
  return Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(i * shape[1]!, (i + 1) * shape[1]!)]);
}

export interface Inputs {
  readonly posteriors: Rows;
  readonly data?: Rows;
  readonly affinity?: Rows;
  /** Pairs of clusters [m, 2], int32. */
  readonly pairs?: NdArray;
}

/** The value G that the literature maximises, and its raw gradient by the posteriors, from the reference backend. */
export async function score(
  loss: ComponentReference,
  inputs: Inputs,
  dtype: FloatDType = "float64",
): Promise<{ value: number; gradient: number[][] }> {
  const { entry, config } = catalogue.choose("loss", loss);
  const feeds = Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name in entry.inputs)
      .map(([name, rows]) => [name, Array.isArray(rows) ? matrix(rows as Rows, dtype) : (rows as NdArray)]),
  );
  const program = trace({
    name: entry.name,
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, array]) => [name, spec(array.dtype, array.shape)])),
    build: (tensors) => {
      const value = entry.build(tensors, config, buildContext(catalogue));
      return { outputs: { value, gradient: gradients(value, [tensors.posteriors!])[0]! } };
    },
  });
  const executable = await backend.compile(program);
  const results = await executable.run(feeds);
  await executable.dispose();
  return {
    value: entry.score!(results.value!.data[0]!),
    gradient: rowsOf(results.gradient!).map((row) => row.map((loss) => -loss)),
  };
}

/** The matrix of a kernel between rows. */
export async function kernelMatrix(kernel: ComponentReference, x: Rows, y: Rows = x): Promise<number[][]> {
  const bound = buildContext(catalogue).kernel(kernel);
  const same = x === y;
  const program = trace({
    name: bound.name,
    inputs: { x: spec("float64", [x.length, x[0]!.length]), y: spec("float64", [y.length, y[0]!.length]) },
    build: (fed) => ({ outputs: { matrix: bound.matrix(fed.x, same ? fed.x : fed.y) } }),
  });
  const executable = await backend.compile(program);
  const results = await executable.run({ x: matrix(x), y: matrix(y) });
  await executable.dispose();
  return rowsOf(results.matrix!);
}

export interface Sizes {
  readonly seed: number;
  readonly n: number;
  readonly k: number;
  readonly d: number;
}

/** Posteriors with entries well inside the simplex, and data ≥ 0 that every kernel takes. */
export function draw({ seed, n, k, d }: Sizes): { posteriors: number[][]; data: number[][] } {
  const key = Key.fromSeed(seed);
  const logits = key.fold("logits").normal(n * k);
  const data = key.fold("data").uniform(n * d, 0, 3);
  return {
    posteriors: softmaxRows(Array.from({ length: n }, (_, i) => [...logits.subarray(i * k, (i + 1) * k)])),
    data: Array.from({ length: n }, (_, i) => [...data.subarray(i * d, (i + 1) * d)]),
  };
}

export function softmaxRows(rows: Rows): number[][] {
  return rows.map((row) => {
    const weights = row.map((logit) => Math.exp(logit));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  });
}

/** p⊙(g − Σₖ pₖgₖ): the gradient by logits. */
export function projected(p: Rows, g: Rows): number[][] {
  return p.map((row, i) => {
    const inner = row.reduce((total, value, k) => total + value * g[i]![k]!, 0);
    return row.map((value, k) => value * (g[i]![k]! - inner));
  });
}

/** π, the mean of each column. */
export function shares(p: Rows): number[] {
  return p[0]!.map((_, k) => p.reduce((total, row) => total + row[k]!, 0) / p.length);
}

/** The largest |a − b| of two matrices of one shape. */
export function distance(a: Rows, b: Rows): number {
  return Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));
}
