import {
  ConfigError,
  defineModel,
  isFloat,
  type ModelShape,
  type ParameterArrays,
  type ParameterTensors,
  reshape,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
  softmax,
  type Tensor,
  type TensorSpec,
} from "@semblance/core";
import { z } from "zod";
import { dense, initDense } from "./dense.js";
import { flatten } from "./flatten.js";
import { OnnxError } from "./onnx/errors.js";
import { type ImportedOnnx, importOnnx } from "./onnx/import-onnx.js";
import type { OnnxModel, OnnxValueInfo } from "./onnx/onnx-model.js";
import { readOnnx } from "./onnx/proto/read-onnx.js";

const config = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .describe("the ONNX file, seen from the folder of the job file")
      .meta({ format: "file-path" }),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe("the digest of the file, by which another file of its name is refused; a run notes it"),
    trainable: z
      .boolean()
      .default(true)
      .describe("whether the weights of the file are trained further, or stay as they are"),
    head: z
      .enum(["linear", "file"])
      .default("linear")
      .describe("linear puts a new layer on the embeddings; file takes the logits that the file gives"),
    embeddings: z
      .string()
      .optional()
      .describe("the value of the graph that is the embedding; embeddings, or its only output"),
    logits: z.string().optional().describe("the value that is the logits, with head file; logits, or its only output"),
    input: z.string().optional().describe("the input that takes the data; the only one by default"),
  })
  .refine(({ trainable, head }) => trainable || head !== "file", {
    path: ["head"],
    message: "a frozen file with its own head leaves nothing to train",
  });

export type OnnxConfig = z.infer<typeof config>;

/** Gives the bytes of a file that a configuration names, after comparing its digest where one is given. */
export type ReadModelFile = (file: string, sha256?: string) => Uint8Array;

/** Weights of the file carry their names behind this; the new layer is `head`. */
const OWN = "file.";
/** Rows that a model is imported for where their number does not matter. */
const SOME_ROWS = 2;

/**
 * A model from an ONNX file: its weights frozen or trained further, under a new linear layer or with its own logits.
 *
 *     h = f(x),   p(x) = softmax(h·W + b)    or    p(x) = softmax(f(x))
 *
 * Shapes       x: [n, …item], given to the file as it is or in the shape that the file declares for one item; h is flattened
 * Parameters   with `trainable`, file.NAME for each weight of the file; with head linear, head.weight and head.bias
 * Outputs      logits, posteriors; embeddings where the file gives them
 * Statistics   of batch normalisation stay those of the file, in training too
 * Errors       those of `importOnnx`; ConfigError ONNX_INPUT_AMBIGUOUS, ONNX_OUTPUT_AMBIGUOUS, ONNX_OUTPUT_SHAPE
 *
 * @param read opens a file: `@semblance/models/node` has the one that reads from disk, and a browser gives what it fetched
 */
export function onnxModel(read: ReadModelFile) {
  const known = new Map<string, OnnxModel>();
  const keyOf = ({ file, sha256 = "" }: OnnxConfig) => `${sha256} ${file}`;
  const opened = (settings: OnnxConfig) => {
    const bytes = read(settings.file, settings.sha256);
    const model = located(settings, () => readOnnx(bytes));
    known.set(keyOf(settings), model);
    return model;
  };
  return defineModel<OnnxConfig>({
    name: "onnx",
    summary: "A network from an ONNX file, frozen or trained further, with a new head or its own.",
    formula: "p(x) = softmax(f(x)·W + b) or softmax(f(x))",
    config,
    inductive: true,
    init(key, shape, settings) {
      // Read anew for each run: the file may have changed since the last one.
      const model = opened(settings);
      const { imported, embeddings } = located(settings, () => imports(model, settings, shape, SOME_ROWS, "float32"));
      const own: ParameterArrays = settings.trainable
        ? Object.fromEntries(imported.trainable.map((name) => [OWN + name, imported.parameters[name]!]))
        : {};
      if (settings.head === "file") return own;
      const width = sizeOf(imported.outputs[embeddings!]!.shape.slice(1));
      return { ...own, ...initDense(key, "head", { inputs: width, outputs: shape.outputs }) };
    },
    apply(parameters, x, settings, cx) {
      const model = known.get(keyOf(settings)) ?? opened(settings);
      const rows = x.shape[0]!;
      const { imported, input, item, embeddings, logits } = imports(model, settings, cx, rows, x.dtype);
      const given = item ? reshape(x, [rows, ...item]) : x;
      const results = imported.apply({ [input]: given }, weightsOf(parameters));
      const h = embeddings === undefined ? undefined : flatten(results[embeddings]!);
      const y = logits === undefined ? dense(parameters, "head", h!) : results[logits]!;
      return { logits: y, posteriors: softmax(y), ...(h ? { embeddings: h } : {}) };
    },
  });
}

/** Errors about the file say which it is, and where it was named. */
function located<Result>({ file }: OnnxConfig, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    const { code, message, where, fix, unknown } = error;
    const told = code === "ONNX_MALFORMED" ? `this is no ONNX file, or a damaged one: ${message}` : message;
    throw new OnnxError(code as `ONNX_${string}`, told, {
      where: `${file} (key "model.file")${where === undefined ? "" : `, ${where}`}`,
      ...(fix === undefined ? {} : { fix }),
      unknown,
      cause: error,
    });
  }
}

function weightsOf(parameters: ParameterTensors): Record<string, Tensor> {
  const own = Object.entries(parameters).filter(([name]) => name.startsWith(OWN));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(OWN.length), tensor]));
}

interface Imports {
  readonly imported: ImportedOnnx;
  readonly input: string;
  /** The shape in which the file takes one item, where it is another than that of the data. */
  readonly item?: Shape;
  readonly embeddings?: string;
  readonly logits?: string;
}

/** The file for a number of rows, with the values that stand for embeddings and logits. */
function imports(model: OnnxModel, settings: OnnxConfig, shape: ModelShape, rows: number, dtype: string): Imports {
  const info = inputOf(model, settings);
  requireWidth(info, shape.item);
  const item = declaredItem(info, shape.item);
  const embeddings = embeddingsOf(model, settings);
  const logits = settings.head === "file" ? outputOf(model, "logits", settings.logits) : undefined;
  const names = [embeddings, logits].filter((name) => name !== undefined);
  const imported = importOnnx(model, {
    inputs: { [info.name]: [rows, ...(item ?? shape.item)] },
    outputs: names,
    float: dtype === "float64" ? "float64" : "float32",
  });
  for (const name of names)
    requireRows(name, imported.outputs[name]!, rows, name === logits ? shape.outputs : undefined);
  return {
    imported,
    input: info.name,
    ...(item ? { item } : {}),
    ...(embeddings === undefined ? {} : { embeddings }),
    ...(logits === undefined ? {} : { logits }),
  };
}

function inputOf({ inputs }: OnnxModel, { input }: OnnxConfig): OnnxValueInfo {
  const found = inputs.find(({ name }) => name === input) ?? (input === undefined ? inputs[0] : undefined);
  if (found && inputs.length === 1) return found;
  throw new ConfigError(
    "ONNX_INPUT_AMBIGUOUS",
    `the file reads ${listed(inputs)}, and one input that takes the data is needed`,
    { where: 'model "onnx", key "input"', fix: "Export the model with one input, and the others as constants." },
  );
}

/** @throws OnnxError ONNX_SHAPE_MISMATCH */
function requireWidth({ name, shape }: OnnxValueInfo, item: Shape): void {
  const declared = shape?.slice(1);
  if (!declared?.every((extent) => typeof extent === "number") || sizeOf(declared) === sizeOf(item)) return;
  throw new OnnxError(
    "ONNX_SHAPE_MISMATCH",
    `the file takes rows of ${sizeOf(declared)} numbers, and the data have ${sizeOf(item)} ${item.length === 1 ? "columns" : `elements, ${showShape(item)}`}`,
    { where: `input "${name}"`, fix: "Choose the columns that the file was made for: data.columns or data.ignore." },
  );
}

/** Items are reshaped where the file declares another shape of as many elements: flat rows for a network on images, or the reverse. */
function declaredItem({ shape }: OnnxValueInfo, item: Shape): Shape | undefined {
  const declared = shape?.slice(1);
  if (!declared?.every((extent) => typeof extent === "number") || sameShape(declared, item)) return undefined;
  return sizeOf(declared) === sizeOf(item) ? declared : undefined;
}

/** With a head of its own the file need not give embeddings. */
function embeddingsOf(model: OnnxModel, { head, embeddings }: OnnxConfig): string | undefined {
  if (head === "linear") return outputOf(model, "embeddings", embeddings);
  return embeddings ?? model.outputs.find(({ name }) => name === "embeddings")?.name;
}

function outputOf({ outputs }: OnnxModel, what: string, asked: string | undefined): string {
  const found =
    asked ?? outputs.find(({ name }) => name === what)?.name ?? (outputs.length === 1 ? outputs[0]!.name : undefined);
  if (found !== undefined) return found;
  throw new ConfigError("ONNX_OUTPUT_AMBIGUOUS", `the file gives ${listed(outputs)}, and none is called ${what}`, {
    where: `model "onnx", key "${what}"`,
    fix: `Name the one to use: ${what}: ${outputs[0]?.name ?? "NAME"}.`,
  });
}

function requireRows(name: string, { shape, dtype }: TensorSpec, rows: number, width: number | undefined): void {
  const fits =
    isFloat(dtype) && shape[0] === rows && (width === undefined ? shape.length >= 2 : sameShape(shape, [rows, width]));
  if (fits) return;
  throw new ConfigError(
    "ONNX_OUTPUT_SHAPE",
    `"${name}" is ${dtype}${showShape(shape)} for ${rows} rows, and floats [${rows}, ${width ?? "…"}] are needed`,
    {
      where: 'model "onnx"',
      fix:
        width === undefined ? "Name another value of the graph." : `Use head: linear, or a loss with as many outputs.`,
    },
  );
}

const listed = (infos: readonly OnnxValueInfo[]) =>
  infos.length === 0 ? "nothing" : infos.map(({ name }) => `"${name}"`).join(", ");
