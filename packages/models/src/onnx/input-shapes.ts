import { type FloatDType, type Shape, showShape, spec, type TensorSpec } from "@semblance/core";
import { dtypeOfElement } from "./element-types.js";
import { OnnxError } from "./errors.js";
import type { OnnxModel, OnnxValueInfo } from "./onnx-model.js";
import { countOf } from "./proto/read-tensor.js";
import { typeUnsupported } from "./to-array.js";

/** What a file leaves open of its inputs' shapes. */
export interface ImportShapes {
  /** Shapes of inputs, by name. */
  readonly inputs?: Readonly<Record<string, Shape>>;
  /** The extent of every first axis that the file leaves open; 1 by default. */
  readonly batch?: number;
}

/**
 * Gives every input that is fed a shape: that of the file, with what it leaves open taken from the options. An extent with a name is
 * the same wherever the name stands.
 *
 * @throws OnnxError ONNX_SHAPE_OPEN, ONNX_SHAPE_MISMATCH, ONNX_INPUT_UNKNOWN, ONNX_TYPE_UNSUPPORTED, ONNX_TOO_LARGE
 */
export function bindInputs(
  model: OnnxModel,
  { inputs: given = {}, batch = 1 }: ImportShapes,
  fixed: ReadonlySet<string>,
  float: FloatDType | undefined,
): Record<string, TensorSpec> {
  const fed = model.inputs.filter(({ name }) => !fixed.has(name));
  const stranger = Object.keys(given).find((name) => !fed.some((info) => info.name === name));
  if (stranger !== undefined) {
    throw new OnnxError("ONNX_INPUT_UNKNOWN", `"${stranger}" is given a shape and is no input`, {
      where: "ONNX model",
      fix: `Its inputs are: ${fed.map(({ name }) => name).join(", ")}.`,
    });
  }
  const named = new Map<string, number>();
  const specs = fed.map((info): [string, TensorSpec] => {
    const where = `input "${info.name}"`;
    if (!info.type) throw typeUnsupported(info.typeName, where);
    const shape = shapeOf(info, given[info.name], batch, named);
    countOf(shape, where);
    return [info.name, spec(dtypeOfElement(info.type, float), shape)];
  });
  return Object.fromEntries(specs);
}

function shapeOf(info: OnnxValueInfo, given: Shape | undefined, batch: number, named: Map<string, number>): number[] {
  const where = `input "${info.name}"`;
  const declared = info.shape ?? given;
  if (!declared) throw open(where, "its number of axes");
  if (given && given.length !== declared.length) throw mismatch(where, declared, given);
  return declared.map((extent, axis) => {
    const name = typeof extent === "string" ? extent : undefined;
    const own =
      typeof extent === "number"
        ? extent
        : (given?.[axis] ?? named.get(name ?? "") ?? (axis === 0 ? batch : undefined));
    if (own === undefined) throw open(where, `axis ${axis}${name === undefined ? "" : ` ("${name}")`}`);
    if (!Number.isSafeInteger(own) || own < 0 || (given && given[axis] !== own))
      throw mismatch(where, declared, given ?? [own]);
    if (name !== undefined) {
      const before = named.get(name);
      if (before !== undefined && before !== own)
        throw mismatch(`${where}, "${name}" was ${before}`, declared, given ?? [own]);
      named.set(name, own);
    }
    return own;
  });
}

function open(where: string, what: string): OnnxError {
  return new OnnxError("ONNX_SHAPE_OPEN", `the file leaves ${what} open`, {
    where,
    fix: "Give the input's shape when importing: inputs: { NAME: [extents] }.",
  });
}

function mismatch(where: string, declared: readonly unknown[], given: Shape): OnnxError {
  const shown = `[${declared.map((extent) => extent ?? "?").join(", ")}]`;
  return new OnnxError("ONNX_SHAPE_MISMATCH", `the file declares ${shown}, and ${showShape(given)} is given`, {
    where,
    fix: "Give a shape that fits, or export the model with an open axis there.",
  });
}
