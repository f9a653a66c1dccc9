import {
  type Arrays,
  BackendError,
  constant,
  type NdArray,
  ndarray,
  optimise,
  type Program,
  replaceResults,
  resultsOf,
  rewriteTensors,
  type Shape,
  type Tensor,
  topologicalOrder,
} from "@semblance/core";
import type { Tensor as OrtTensor } from "onnxruntime-node";
import type { OrtKernel } from "./kernel.js";
import { kernels } from "./kernels.js";
import { encodeModel } from "./onnx/encode-model.js";
import { GraphBuilder, type Initializer, type Value } from "./onnx/graph-builder.js";
import { loadRuntime } from "./runtime.js";

export interface ExportOptions {
  /** The model in float32 for a given number of rows, and of rows of a gallery where there is one; its weights as carries. */
  readonly program: (rows: number, galleryRows: number) => Program;
  /** The values of the carries. */
  readonly weights: Arrays;
  /** Rows to check the file with, by input name. */
  readonly feeds: Arrays;
  /** What the trained model makes of these rows, by output name. */
  readonly expected: Arrays;
  /**
   * The input [m, …] that has rows of its own, any number of them, where the model compares rows with a gallery; `outputs` are those
   * [n, m] that have a column for each of these.
   */
  readonly gallery?: { readonly input: string; readonly outputs: readonly string[] };
  /** Free text that travels in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Two counts of rows, and of a gallery's, that are no size of anything else: a shape which depends on them gives itself away. */
const PROBES = [
  [7919, 7901],
  [7907, 7883],
] as const;
/** The file is computed in another order than the run: float32 agrees to about six digits. */
const TOLERANCE = 1e-4;

/**
 * A trained model as an ONNX file that takes any number of rows, with standard operators only.
 *
 * The model is written for two numbers of rows; where the two files differ only in the extents of reshapes, these become “whatever
 * fits”. The file is then run by onnxruntime on the given rows, all together and the first alone, and compared.
 *
 * @throws BackendError EXPORT_ROWS_FIXED when the model works for one number of rows only, EXPORT_MISMATCH when the file does not
 * give what the model gives.
 */
export async function exportOnnx(options: ExportOptions): Promise<Uint8Array> {
  const [first, second] = PROBES.map(([rows, galleryRows]) =>
    portableGraph(options.program(rows, galleryRows), options.weights),
  ) as [GraphBuilder, GraphBuilder];
  freeRows(first, second);
  const { gallery, metadata = {} } = options;
  const axes = gallery && {
    [gallery.input]: ["galleryRows"],
    ...Object.fromEntries(gallery.outputs.map((name) => [name, ["rows", "galleryRows"]])),
  };
  const bytes = encodeModel(first, { rowsAxis: "rows", ...(axes ? { axes } : {}), metadata });
  await check(bytes, first, options);
  return bytes;
}

/** The program as one ONNX graph: carries become initializers, inputs and outputs keep their names. */
function portableGraph(program: Program, weights: Arrays): GraphBuilder {
  const replaced = rewriteTensors(resultsOf(program), (tensor) => {
    const carry = Object.entries(program.carries).find(([, { input }]) => input === tensor);
    return carry ? constant(weights[carry[0]]!) : tensor;
  });
  const closed = optimise({ ...replaceResults(program, (tensor) => replaced.get(tensor)!), carries: {} });
  const builder = new GraphBuilder("model");
  const names = new Map(Object.entries(closed.inputs).map(([name, tensor]) => [tensor, name]));
  const values = new Map<Tensor, Value>();
  for (const tensor of topologicalOrder(Object.values(closed.outputs))) {
    const name = names.get(tensor);
    const kernel = kernels[tensor.op.name as keyof typeof kernels] as OrtKernel<unknown>;
    const inputs = tensor.inputs.map((input) => values.get(input)!);
    values.set(
      tensor,
      name === undefined
        ? kernel({ graph: builder, provider: "cpu", inputs, attributes: tensor.attributes, to: tensor })
        : builder.input(name, tensor),
    );
  }
  for (const [name, tensor] of Object.entries(closed.outputs)) builder.namedOutput(name, values.get(tensor)!);
  return builder;
}

/** Makes the shapes of reshapes that follow the number of rows follow any number, in the first graph. */
function freeRows(first: GraphBuilder, second: GraphBuilder): void {
  const alike =
    JSON.stringify(first.nodes) === JSON.stringify(second.nodes) &&
    first.initializers.length === second.initializers.length;
  if (!alike) throw rowsFixed("its operators depend on the number of rows");
  first.initializers.forEach((initializer, index) => {
    const other = second.initializers[index]!;
    if (sameBytes(initializer.bytes, other.bytes)) return;
    const readers = first.nodes.filter(({ inputs }) => inputs.includes(initializer.name));
    const reshapes = readers.every(({ op, inputs }) => op === "Reshape" && inputs[1] === initializer.name);
    if (initializer.dtype !== "int64" || !reshapes)
      throw rowsFixed(`constant "${initializer.name}" depends on the number of rows`);
    first.initializers[index] = freed(
      initializer,
      other,
      readers.map(({ inputs }) => first.specOf(inputs[0]!).shape),
    );
  });
}

/**
 * The shape of a reshape for any number of rows: the extent that follows them is whatever fits, −1, of which a reshape knows one; where two
 * follow them, those that stand where they stood are taken over from its input, 0.
 */
function freed(initializer: Initializer, other: Initializer, reshaped: readonly Shape[]): Initializer {
  const [a, b] = [initializer, other].map(({ bytes }) => new BigInt64Array(bytes.slice().buffer)) as [
    BigInt64Array,
    BigInt64Array,
  ];
  const following = Array.from(a.keys()).filter((axis) => a[axis] !== b[axis]);
  const kept = (axis: number) => reshaped.every((shape) => BigInt(shape[axis] ?? -1) === a[axis]);
  const fitting = following.length === 1 ? following : following.filter((axis) => !kept(axis));
  const extents = a.map((extent, axis) => (fitting.includes(axis) ? -1n : following.includes(axis) ? 0n : extent));
  const counts = PROBES[0].map(BigInt);
  if (fitting.length > 1 || !following.some((axis) => counts.includes(a[axis]!)))
    throw rowsFixed(`the shape of "${initializer.name}" depends on the number of rows in an unknown way`);
  return { ...initializer, bytes: new Uint8Array(extents.buffer) };
}

const sameBytes = (a: Uint8Array, b: Uint8Array) =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

function rowsFixed(why: string): BackendError {
  return new BackendError("EXPORT_ROWS_FIXED", `the model cannot be written for any number of rows: ${why}`, {
    where: "ONNX export",
    fix: "Export a model whose rows do not depend on each other.",
  });
}

async function check(
  bytes: Uint8Array,
  graph: GraphBuilder,
  { feeds, expected, gallery }: ExportOptions,
): Promise<void> {
  const runtime = await loadRuntime();
  const session = await runtime.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  try {
    const [, counted] = Object.entries(feeds).find(([name]) => name !== gallery?.input)!;
    const rows = counted.shape[0]!;
    for (const count of new Set([rows, 1])) {
      const fed = Object.fromEntries(
        graph.inputs.map(({ name }) => {
          const { dtype, shape, data } = name === gallery?.input ? feeds[name]! : firstRows(feeds[name]!, count);
          return [name, new runtime.Tensor(dtype, data as never, shape)];
        }),
      );
      const results = (await session.run(fed)) as Record<string, OrtTensor>;
      for (const [name, array] of Object.entries(expected)) compare(name, results[name]!, firstRows(array, count));
    }
  } finally {
    await session.release();
  }
}

function firstRows(array: NdArray, count: number): NdArray {
  const width = array.data.length / array.shape[0]!;
  return ndarray(array.dtype, [count, ...array.shape.slice(1)], array.data.slice(0, count * width));
}

function compare(name: string, got: OrtTensor, expected: NdArray): void {
  const values = got.data as Float32Array;
  const worst = values.reduce(
    (most, value, index) =>
      Math.max(most, Math.abs(value - expected.data[index]!) / Math.max(1, Math.abs(expected.data[index]!))),
    values.length === expected.data.length ? 0 : Number.POSITIVE_INFINITY,
  );
  if (worst <= TOLERANCE) return;
  throw new BackendError("EXPORT_MISMATCH", `output "${name}" of the ONNX file differs from the model by ${worst}`, {
    where: "ONNX export",
    fix: "Nothing was written. Please report this with the job file.",
  });
}
