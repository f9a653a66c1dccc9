import {
  type Arrays,
  type ComponentReference,
  type Dataset,
  isSemblanceError,
  type NdArray,
  ndarray,
  type Program,
  rowsOf,
  takeRows,
  traceInference,
} from "@semblance/core";
import { canonicalJson } from "./canonical-json.js";
import { foldPreparation, type Linear, type Preparation, preparationOf } from "./fold-preparation.js";
import type { Learned } from "./learned.js";
import type { Comparison } from "./metric/comparison.js";
import { comparisonToExport } from "./metric/comparison-to-export.js";
import { predictRows, type TrainedModel, weightsFor } from "./trained-model.js";

/** Rows that the file is checked on. */
const CHECKED = 64;

/** What writes a program as an ONNX file and runs that file: `exportOnnx` of `@semblance/backend-ort`. */
export type OnnxWriter = (options: {
  readonly program: (rows: number, galleryRows: number) => Program;
  readonly weights: Arrays;
  readonly feeds: Arrays;
  readonly expected: Arrays;
  readonly metadata: Readonly<Record<string, string>>;
  readonly gallery?: { readonly input: string; readonly outputs: readonly string[] };
}) => Promise<Uint8Array>;

/** A model as a file, and what whoever uses it has to know. */
export interface ExportedModel {
  readonly bytes: Uint8Array;
  /** What a row holds, in a sentence. */
  readonly input: string;
  /** Shapes of the outputs by name, the first axis being the rows. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Why rows have to be prepared by the metadata's `preprocessing` first; absent where they are taken as they are. */
  readonly unprepared?: string;
}

export interface ExportModelOptions extends Linear {
  readonly trained: TrainedModel;
  readonly learned: Learned;
  /** Rows as the model takes them; the first 64 check the file. */
  readonly data: Dataset;
  /** The same rows as they stand in the data, in float32; called only where they differ. */
  readonly raw: () => Promise<NdArray>;
  readonly writer: OnnxWriter;
  /** Who writes the file. */
  readonly producer: string;
  readonly model: ComponentReference;
  readonly loss: ComponentReference;
  /** What a row of the data holds. */
  readonly input: string;
  /** How embeddings are compared, for a file that does that too. */
  readonly comparison?: Comparison;
}

/**
 * A trained model as an ONNX file, compared with what the model says of some rows before anybody sees it.
 *
 * The file takes rows as they stand in the data: centring and scaling are part of its graph, and it is compared on such rows. Where
 * float32 cannot hold these (numbers beyond its range, or far from 0 and close to each other) it takes prepared rows, and how to
 * prepare them stands in its metadata, under `preprocessing`.
 *
 * @throws BackendError EXPORT_ROWS_FIXED, EXPORT_MISMATCH
 */
export async function exportModel(options: ExportModelOptions): Promise<ExportedModel> {
  const { trained, learned, data, raw } = options;
  const { inductive } = trained.model.model.entry;
  const rows = inductive ? Math.min(CHECKED, rowsOf(data)) : rowsOf(data);
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const predicted = await predictRows(trained, { ...data, features: takeRows(data.features, all) });
  const compared = options.comparison && (await comparisonToExport(trained, options.comparison, predicted));
  const indices = compared ? all.subarray(0, compared.rows) : all;
  const features = takeRows(data.features, indices);
  const predictions = compared?.expected ?? (predicted as Readonly<Record<string, NdArray>>);
  const input = inductive ? options.input : "positions of rows that it was trained on";
  const write = (fed: NdArray, preparation: Preparation | undefined, preprocessing: string) =>
    writeModel({ ...options, fed, indices, predictions, preparation, compared }, { input, preprocessing });
  const shared = { input, outputs: outputsOf(predictions, compared?.gallery.outputs) };
  const preparation = preparationOf(options, learned);
  if (!preparation) return { ...shared, bytes: await write(features, undefined, "none") };
  try {
    return { ...shared, bytes: await write(takeRows(await raw(), indices), preparation, "none") };
  } catch (error) {
    if (!isSemblanceError(error) || !(error.code === "EXPORT_MISMATCH" || error.name === "DataError")) throw error;
    const { subtract, divideBy } = preparation;
    const preprocessing = canonicalJson({ subtract: [...subtract], divideBy: [...divideBy] });
    const bytes = await write(features, undefined, preprocessing);
    return { ...shared, bytes, unprepared: "float32 does not hold the rows as they are exactly enough" };
  }
}

interface Write extends ExportModelOptions {
  readonly fed: NdArray;
  readonly indices: Int32Array;
  readonly predictions: Readonly<Record<string, NdArray>>;
  readonly preparation: Preparation | undefined;
  readonly compared: Awaited<ReturnType<typeof comparisonToExport>> | undefined;
}

async function writeModel(
  { trained, learned, fed, indices, predictions, preparation, writer, producer, model, loss, compared }: Write,
  described: Readonly<Record<"input" | "preprocessing", string>>,
): Promise<Uint8Array> {
  const weights = { ...weightsFor({ float: "float32" }, trained.state), ...compared?.weights };
  const { columns, classes } = learned;
  return await writer({
    program: (count, galleryRows) => {
      const program = compared
        ? compared.program(weights, count, galleryRows)
        : traceInference(trained.model, weights, count, "float32");
      return preparation ? foldPreparation(program, preparation) : program;
    },
    weights,
    feeds: { data: fed, indices: ndarray("int32", [indices.length], indices), ...compared?.feeds },
    expected: predictions,
    ...(compared ? { gallery: compared.gallery } : {}),
    metadata: {
      producer,
      model: canonicalJson(model),
      loss: canonicalJson(loss),
      ...compared?.metadata,
      ...(columns ? { columns: JSON.stringify(columns) } : {}),
      ...(classes ? { classes: JSON.stringify(classes) } : {}),
      ...described,
    },
  });
}

const outputsOf = (predictions: Readonly<Record<string, NdArray>>, compared: readonly string[] = []) =>
  Object.fromEntries(
    Object.entries(predictions).map(([name, { shape }]) => [
      name,
      `[${["rows", ...(compared.includes(name) ? ["galleryRows"] : shape.slice(1))].join(", ")}]`,
    ]),
  );
