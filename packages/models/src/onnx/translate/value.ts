import { constant, type DType, type FloatDType, type NdArray, type Tensor, topologicalOrder } from "@semblance/core";
import { dtypeOfElement, type ElementType } from "../element-types.js";
import { OnnxError } from "../errors.js";
import type { OnnxTensor } from "../onnx-model.js";
import { contentOf, toArray, toNumbers } from "../to-array.js";

/** A value of the graph while it is translated. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** As it is computed with. Numbers of the file become a constant when they are first asked for. */
  tensor(): Tensor;
  /** Whether its numbers are known while translating. */
  readonly known: boolean;
  /** Its numbers, where they are known. */
  numbers(): readonly number[] | undefined;
}

export function computed(name: string, type: ElementType, tensor: Tensor): Value {
  return {
    name,
    type,
    shape: tensor.shape,
    tensor: () => tensor,
    known: constantOf(tensor) !== undefined,
    numbers: () => knownNumbers(tensor),
  };
}

/** Numbers of the file. What only says how to compute, such as the end of a slice, may be beyond int32. */
export function stored(name: string, tensor: OnnxTensor, float: FloatDType | undefined): Value {
  let made: Tensor | undefined;
  return {
    name,
    type: contentOf(tensor).type,
    shape: tensor.shape,
    known: true,
    tensor: () => {
      made ??= constant(toArray(tensor, float));
      return made;
    },
    numbers: () => toNumbers(tensor),
  };
}

/** The array of a constant. */
export function constantOf(tensor: Tensor): NdArray | undefined {
  return tensor.op.name === "constant" ? (tensor.attributes as { readonly value: NdArray }).value : undefined;
}

function knownNumbers(tensor: Tensor): readonly number[] | undefined {
  const array = constantOf(tensor);
  return array && Array.from(array.data);
}

/** A value that has to be known while translating, and is not: says which inputs and weights it is computed from. */
export function valueUnknown(value: Value, where: string): OnnxError {
  const leaves = topologicalOrder([value.tensor()]).filter(({ op }) => op.name === "input");
  const unknown = leaves.map(({ attributes }) => (attributes as { readonly name: string }).name);
  return new OnnxError(
    "ONNX_VALUE_UNKNOWN",
    `"${value.name}" decides a shape, and is not known before the model runs`,
    {
      where,
      fix: `Give its value when importing: constants: { ${unknown.map((name) => JSON.stringify(name)).join(", ") || "…"} }.`,
      unknown,
    },
  );
}

/** The type that a result has when its node does not say: that of the first input which is computed in the same type. */
export function typeOfResult(
  dtype: DType,
  inputs: readonly (Value | undefined)[],
  float: FloatDType | undefined,
): ElementType {
  const alike = inputs.find((value) => value && dtypeOfElement(value.type, float) === dtype);
  if (alike) return alike.type;
  // Positions and sizes are int64 in ONNX.
  return dtype === "int32" ? "int64" : dtype;
}
