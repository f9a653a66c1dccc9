import { convert, type FloatDType, type NdArray, ndarray } from "@semblance/core";
import { dtypeOfElement, type ElementType } from "./element-types.js";
import { OnnxError } from "./errors.js";
import type { OnnxTensor } from "./onnx-model.js";
import { saturated } from "./proto/proto-reader.js";

const INT32 = { lowest: -(2 ** 31), highest: 2 ** 31 - 1 };

/**
 * A tensor of a file as an array of ours: 16-bit floats are widened, integers of any width become int32 where they fit. Floats are
 * in `float` where one is asked for.
 *
 * @throws OnnxError ONNX_TYPE_UNSUPPORTED, ONNX_VALUE_INEXACT
 */
export function toArray(tensor: OnnxTensor, float?: FloatDType): NdArray {
  const { type, data } = contentOf(tensor);
  const dtype = dtypeOfElement(type, float);
  if (dtype !== "int32")
    return ndarray(
      dtype,
      tensor.shape,
      data instanceof Float64Array && dtype === "float64" ? data : convert(dtype, data as ArrayLike<number>),
    );
  const values = new Int32Array(data.length);
  for (let index = 0; index < data.length; index++) {
    const value = data[index]!;
    if (value < INT32.lowest || value > INT32.highest) {
      throw new OnnxError("ONNX_VALUE_INEXACT", `${value} is beyond int32, in which ${type} is computed`, {
        where: `tensor "${tensor.name}"`,
        fix: "Use whole numbers of at most 31 bits.",
      });
    }
    values[index] = Number(value);
  }
  return ndarray("int32", tensor.shape, values);
}

/** The elements as numbers; integers beyond 2⁵³ become the nearest safe one. */
export function toNumbers(tensor: OnnxTensor): number[] {
  const { data } = contentOf(tensor);
  return Array.from(data as ArrayLike<number | bigint>, (value) =>
    typeof value === "bigint" ? saturated(value) : value,
  );
}

export function contentOf(tensor: OnnxTensor): {
  readonly type: ElementType;
  readonly data: NonNullable<OnnxTensor["content"]>["data"];
} {
  if (tensor.content) return tensor.content;
  throw typeUnsupported(tensor.typeName, `tensor "${tensor.name}"`);
}

export function typeUnsupported(typeName: string, where: string): OnnxError {
  return new OnnxError("ONNX_TYPE_UNSUPPORTED", `values of type ${typeName} cannot be computed with`, {
    where,
    fix: "Use floats, integers or booleans.",
  });
}
