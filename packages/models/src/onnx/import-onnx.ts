import {
  type FloatDType,
  type NdArray,
  type ParameterTensors,
  type Shape,
  sameShape,
  showShape,
  spec,
  type Tensor,
  type TensorSpec,
  trace,
} from "@semblance/core";
import { type ElementType, isFloatType } from "./element-types.js";
import { OnnxError } from "./errors.js";
import { bindInputs, type ImportShapes } from "./input-shapes.js";
import type { OnnxModel, OnnxTensor } from "./onnx-model.js";
import { readOnnx } from "./proto/read-onnx.js";
import { toArray, typeUnsupported } from "./to-array.js";
import { trainableOf } from "./trainable.js";
import { translate } from "./translate/translate.js";
import { computed, stored, type Value } from "./translate/value.js";
import { unsupportedOperators } from "./unsupported-operators.js";

export interface ImportOptions extends ImportShapes {
  /** Inputs that are numbers rather than fed: those that decide shapes. */
  readonly constants?: Readonly<Record<string, NdArray>>;
  /** The type in which floats are computed; as in the file where it is left out, 16-bit floats as float32. */
  readonly float?: FloatDType;
  /** Values of the graph to give, by name; its outputs where this is left out. */
  readonly outputs?: readonly string[];
}

/** An ONNX model as a function of tensors. */
export interface ImportedOnnx {
  readonly model: OnnxModel;
  /** What is fed, with the shapes that the model was imported for. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
  /** Its floating-point weights, but for those that decide a shape. */
  readonly parameters: Readonly<Record<string, NdArray<FloatDType>>>;
  /** Names of the weights that training should move: not the statistics of a normalisation, nor single numbers of a formula. */
  readonly trainable: readonly string[];
  /**
   * The outputs as tensors. Inputs may have other shapes than the model was imported for, where its graph allows; weights that are not
   * given are those of the file.
   *
   * @throws OnnxError ONNX_NODE_INVALID with the node's name where the shapes do not fit
   */
  apply(inputs: ParameterTensors, parameters?: ParameterTensors): Readonly<Record<string, Tensor>>;
}

/**
 * Writes an ONNX model with our primitives: on static shapes, with everything that only decides shapes worked out.
 *
 * @throws OnnxError ONNX_OPERATOR_UNSUPPORTED with all nodes that cannot be written; ONNX_SHAPE_OPEN, ONNX_SHAPE_MISMATCH,
 * ONNX_INPUT_UNKNOWN for shapes and inputs that do not fit; ONNX_VALUE_UNKNOWN naming the inputs to give as `constants`;
 * ONNX_TYPE_UNSUPPORTED, ONNX_VALUE_INEXACT, ONNX_NODE_INVALID, ONNX_TOO_LARGE; those of `readOnnx`
 */
export function importOnnx(source: Uint8Array | OnnxModel, options: ImportOptions = {}): ImportedOnnx {
  const model = source instanceof Uint8Array ? readOnnx(source) : source;
  refuseUnsupported(model);
  const { float, constants = {} } = options;
  const fixed = new Map<string, Value>();
  for (const [name, array] of Object.entries(constants)) fixed.set(name, fixedInput(model, name, array, float));
  const inputs = bindInputs(model, options, new Set(fixed.keys()), float);
  const names = options.outputs ?? model.outputs.map(({ name }) => name);

  const run = (given: ReadonlyMap<string, Value>) => {
    const leaves = new Map<string, Value>(fixed);
    for (const [name, tensor] of model.initializers)
      if (!given.has(name)) leaves.set(name, stored(name, tensor, float));
    for (const [name, value] of given) leaves.set(name, value);
    const values = translate(model, leaves, float);
    return Object.fromEntries(names.map((name) => [name, outputOf(values, name)]));
  };
  const candidates = floatWeights(model, float);
  const types = elementTypes(model);
  const outputs = settle(inputs, candidates, types, run);
  const parameters = Object.fromEntries(candidates);
  return {
    model,
    inputs,
    outputs,
    parameters,
    trainable: trainableOf(model, candidates),
    apply(fed, weights = {}) {
      const given = new Map<string, Value>();
      for (const [name, wanted] of Object.entries(inputs)) {
        const tensor = fed[name];
        if (!tensor) throw inputUnknown(name, "is not given", Object.keys(inputs));
        requireType(name, tensor, wanted);
        given.set(name, computed(name, types.get(name)!, tensor));
      }
      for (const [name, tensor] of Object.entries(weights)) {
        const own = parameters[name];
        if (!own) throw inputUnknown(name, "is no weight of the model", Object.keys(parameters));
        requireType(name, tensor, own, own.shape);
        given.set(name, computed(name, types.get(name)!, tensor));
      }
      return run(given);
    },
  };
}

/**
 * Translates once on symbols, to see every fault now. Weights are symbols too, so that one which decides a shape shows; it becomes a
 * constant, and is taken out of the candidates.
 */
function settle(
  inputs: Readonly<Record<string, TensorSpec>>,
  candidates: Map<string, NdArray<FloatDType>>,
  types: ReadonlyMap<string, ElementType>,
  run: (given: ReadonlyMap<string, Value>) => Record<string, Tensor>,
): Record<string, TensorSpec> {
  for (;;) {
    const specs: Record<string, TensorSpec> = { ...inputs };
    for (const [name, { dtype, shape }] of candidates) specs[name] = spec(dtype, shape);
    try {
      let outputs: Record<string, TensorSpec> = {};
      trace({
        name: "onnx",
        inputs: specs,
        build(leaves) {
          const given = new Map(
            Object.entries(leaves).map(([name, tensor]) => [name, computed(name, types.get(name)!, tensor)]),
          );
          const tensors = run(given);
          outputs = Object.fromEntries(
            Object.entries(tensors).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)]),
          );
          return { outputs: tensors };
        },
      });
      return outputs;
    } catch (error) {
      const decisive = error instanceof OnnxError ? error.unknown.filter((name) => candidates.has(name)) : [];
      if (decisive.length === 0) throw error;
      for (const name of decisive) candidates.delete(name);
    }
  }
}

/** Of inputs and weights, by name. */
function elementTypes(model: OnnxModel): Map<string, ElementType> {
  const types = new Map<string, ElementType>();
  for (const { name, type } of model.inputs) if (type) types.set(name, type);
  for (const [name, { content }] of model.initializers) if (content) types.set(name, content.type);
  return types;
}

function refuseUnsupported(model: OnnxModel): void {
  const nodes = unsupportedOperators(model);
  if (nodes.length === 0) return;
  const shown = nodes.slice(0, 5).map(({ node, operator, reason }) => `${operator} (node "${node}"): ${reason}`);
  const more = nodes.length > shown.length ? `; and ${nodes.length - shown.length} more` : "";
  throw new OnnxError(
    "ONNX_OPERATOR_UNSUPPORTED",
    `${nodes.length} nodes cannot be computed: ${shown.join("; ")}${more}`,
    {
      where: "ONNX graph",
      fix: "Export the model without these operators.",
    },
  );
}

function fixedInput(model: OnnxModel, name: string, array: NdArray, float: FloatDType | undefined): Value {
  const info = model.inputs.find((input) => input.name === name);
  if (!info)
    throw inputUnknown(
      name,
      "is no input of the model",
      model.inputs.map((input) => input.name),
    );
  if (!info.type) throw typeUnsupported(info.typeName, `input "${name}"`);
  const tensor: OnnxTensor = {
    name,
    shape: array.shape,
    typeName: info.typeName,
    content: { type: info.type, data: array.data },
  };
  return stored(name, tensor, float);
}

function floatWeights(model: OnnxModel, float: FloatDType | undefined): Map<string, NdArray<FloatDType>> {
  const weights = new Map<string, NdArray<FloatDType>>();
  const read = new Set([...model.nodes.flatMap(({ inputs }) => inputs), ...model.outputs.map(({ name }) => name)]);
  for (const [name, tensor] of model.initializers) {
    if (!read.has(name) || !tensor.content || !isFloatType(tensor.content.type)) continue;
    weights.set(name, toArray(tensor, float) as NdArray<FloatDType>);
  }
  return weights;
}

function outputOf(values: ReadonlyMap<string, Value>, name: string): Tensor {
  const value = values.get(name);
  if (value) return value.tensor();
  throw inputUnknown(name, "is no value of the graph", [...values.keys()].slice(-20));
}

function requireType(name: string, tensor: TensorSpec, { dtype }: TensorSpec, shape?: Shape): void {
  if (tensor.dtype === dtype && (!shape || sameShape(tensor.shape, shape))) return;
  throw new OnnxError("ONNX_SHAPE_MISMATCH", `"${name}" is given as ${tensor.dtype}${showShape(tensor.shape)}`, {
    where: "ONNX model",
    fix: `Give it as ${dtype}${shape ? showShape(shape) : ""}.`,
  });
}

function inputUnknown(name: string, what: string, known: readonly string[]): OnnxError {
  return new OnnxError("ONNX_INPUT_UNKNOWN", `"${name}" ${what}`, {
    where: "ONNX model",
    fix: known.length === 0 ? "There are none." : `There are: ${known.join(", ")}.`,
  });
}
