import { createReadStream, existsSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Backend, type FloatDType, isSemblanceError, type NdArray, spec, trace } from "@semblance/core";
import {
  type ImportedOnnx,
  importOnnx,
  type OnnxError,
  type OnnxModel,
  type OnnxTensor,
  onnxTensorToArray,
  readOnnx,
  readOnnxTensor,
} from "@semblance/models";
import { extract } from "tar-stream";
import { XzReadableStream } from "xz-decompress";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The official node tests of ONNX, packed. */
export const ARCHIVE = fileURLToPath(
  new URL(`${process.env.SEMBLANCE_SHARED ?? "../shared"}/onnx-node-tests/node-tests.tar.xz`, `file://${root}`),
);
export const archiveIsThere = existsSync(ARCHIVE);

/** One case: a model, and for each of its data sets the bytes of inputs and expected outputs, in the order of the model. */
export interface NodeTest {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/** Unpacks every case; several data sets of one model are several cases. */
export async function readNodeTests(): Promise<NodeTest[]> {
  const files = new Map<string, Uint8Array>();
  const archive = extract();
  const packed = Readable.toWeb(createReadStream(ARCHIVE)) as never;
  Readable.fromWeb(new XzReadableStream(packed) as never).pipe(archive);
  for await (const entry of archive) {
    if (entry.header.type === "file") files.set(entry.header.name.replace(/^\.\//, ""), await buffer(entry));
    else entry.resume();
  }
  const sets = new Set([...files.keys()].flatMap((path) => /^(.*\/test_data_set_\d+)\//.exec(path)?.[1] ?? []));
  return [...sets].sort().map((folder) => {
    const part = (kind: string) => {
      const found: Uint8Array[] = [];
      for (let at = 0; files.has(`${folder}/${kind}_${at}.pb`); at++)
        found.push(files.get(`${folder}/${kind}_${at}.pb`)!);
      return found;
    };
    const [, name, set] = /([^/]+)\/test_data_set_(\d+)$/.exec(folder)!;
    return {
      name: set === "0" ? name! : `${name}/${set}`,
      model: files.get(`${folder.slice(0, folder.lastIndexOf("/"))}/model.onnx`)!,
      inputs: part("input"),
      outputs: part("output"),
    };
  });
}

/** A case that can be run. */
export interface Plan {
  readonly imported: ImportedOnnx;
  readonly feeds: Readonly<Record<string, NdArray>>;
  readonly expected: Readonly<Record<string, NdArray>>;
}

/**
 * Imports a case for a backend. What decides a shape is a number of the import, as a weight would be; everything else is fed.
 *
 * @returns the plan, or the reason why the case cannot be run there
 */
export function plan({ model: bytes, inputs, outputs }: NodeTest, float: FloatDType | undefined): Plan | string {
  try {
    const model = readOnnx(bytes);
    const foreign = [...model.inputs, ...model.outputs].find(({ type }) => !type);
    if (foreign) return `there are no values of type ${foreign.typeName}`;
    const tensors = new Map(model.inputs.map(({ name }, at) => [name, readOnnxTensor(inputs[at]!)]));
    const results = model.outputs.map(({ name }, at) => [name, readOnnxTensor(outputs[at]!)] as const);
    if (float === "float32" && [...tensors.values()].some(isRounded))
      return "its numbers are float64, and float32 would round them";
    const imported = importFixing(model, tensors, float);
    const feeds = Object.keys(imported.inputs).map((name) => [name, onnxTensorToArray(tensors.get(name)!, float)]);
    const expected = results.map(([name, tensor]) => [name, onnxTensorToArray(tensor, float)]);
    return { imported, feeds: Object.fromEntries(feeds), expected: Object.fromEntries(expected) };
  } catch (error) {
    if (!isSemblanceError(error)) throw error;
    return error.code === "ONNX_OPERATOR_UNSUPPORTED"
      ? error.message.replace(/^\d+ nodes? cannot be computed: /, "")
      : error.message;
  }
}

const isRounded = ({ content }: OnnxTensor) =>
  content?.data instanceof Float64Array && content.data.some((value) => !Object.is(Math.fround(value), value));

function importFixing(
  model: OnnxModel,
  tensors: ReadonlyMap<string, OnnxTensor>,
  float: FloatDType | undefined,
): ImportedOnnx {
  const constants: Record<string, NdArray> = {};
  for (;;) {
    const shapes = Object.fromEntries(
      [...tensors].filter(([name]) => !(name in constants)).map(([name, { shape }]) => [name, shape]),
    );
    try {
      return importOnnx(model, { constants, inputs: shapes, ...(float ? { float } : {}) });
    } catch (error) {
      const { code, unknown } = error as OnnxError;
      const fixed = code === "ONNX_VALUE_UNKNOWN" ? unknown.filter((name) => tensors.has(name)) : [];
      if (fixed.length === 0) throw error;
      for (const name of fixed) constants[name] = onnxTensorToArray(tensors.get(name)!, float);
    }
  }
}

/** Runs a case and compares it. @returns what is wrong, or undefined */
export async function runPlan({ imported, feeds, expected }: Plan, backend: Backend): Promise<string | undefined> {
  const program = trace({
    name: "node test",
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build: (inputs) => ({ outputs: imported.apply(inputs) }),
  });
  const executable = await backend.compile(program);
  try {
    const results = await executable.run(feeds);
    return Object.entries(expected)
      .map(([name, array]) => difference(name, results[name]!, array))
      .find((each) => each !== undefined);
  } finally {
    await executable.dispose();
  }
}

/** Floats agree to a hundred-thousandth; everything else exactly. */
const TOLERANCE = 1e-5;

function difference(name: string, got: NdArray, expected: NdArray): string | undefined {
  if (got.dtype !== expected.dtype || got.shape.join() !== expected.shape.join()) {
    return `"${name}" is ${got.dtype}[${got.shape}] and should be ${expected.dtype}[${expected.shape}]`;
  }
  const tolerance = got.dtype.startsWith("float") ? TOLERANCE : 0;
  for (let at = 0; at < expected.data.length; at++) {
    const [own, right] = [got.data[at]!, expected.data[at]!];
    const near = Math.abs(own - right) <= tolerance * Math.max(1, Math.abs(right));
    if (!near && !(own === right || (Number.isNaN(own) && Number.isNaN(right))))
      return `"${name}"[${at}] is ${own} and should be ${right}`;
  }
  return undefined;
}
