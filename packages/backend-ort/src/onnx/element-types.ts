import type { DType } from "@semblance/core";

/** Element types that occur inside ONNX graphs: ours, and those that some operators ask for (shapes are int64). */
export type ElementType = DType | "int64" | "uint8";

/** `TensorProto.DataType`. */
export const elementTypeCodes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};
