import type { DType, FloatDType } from "@semblance/core";

/** What each `TensorProto.DataType` that can be worked with is stored as and computed in. */
const TYPES = {
  float32: { code: 1, bytes: 4, dtype: "float32" },
  uint8: { code: 2, bytes: 1, dtype: "int32" },
  int8: { code: 3, bytes: 1, dtype: "int32" },
  uint16: { code: 4, bytes: 2, dtype: "int32" },
  int16: { code: 5, bytes: 2, dtype: "int32" },
  int32: { code: 6, bytes: 4, dtype: "int32" },
  int64: { code: 7, bytes: 8, dtype: "int32" },
  bool: { code: 9, bytes: 1, dtype: "bool" },
  float16: { code: 10, bytes: 2, dtype: "float32" },
  float64: { code: 11, bytes: 8, dtype: "float64" },
  uint32: { code: 12, bytes: 4, dtype: "int32" },
  uint64: { code: 13, bytes: 8, dtype: "int32" },
  bfloat16: { code: 16, bytes: 2, dtype: "float32" },
} as const satisfies Record<string, { code: number; bytes: number; dtype: DType }>;

/** Element types of ONNX that have a counterpart here. */
export type ElementType = keyof typeof TYPES;

const byCode = new Map<number, ElementType>(
  Object.entries(TYPES).map(([name, { code }]) => [code, name as ElementType]),
);

/** What messages call the element types without a counterpart. */
const FOREIGN: Readonly<Record<number, string>> = {
  0: "undefined",
  8: "string",
  14: "complex64",
  15: "complex128",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  19: "float8e5m2",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
};

export const elementTypeOf = (code: number): ElementType | undefined => byCode.get(code);
export const nameOfElementType = (code: number): string => byCode.get(code) ?? FOREIGN[code] ?? `type ${code}`;
export const bytesOf = (type: ElementType): number => TYPES[type].bytes;

export const isFloatType = (type: ElementType): boolean => ["float32", "float64", "float16", "bfloat16"].includes(type);

/** The element type that values are computed in; floats in `float`, where one is asked for. */
export function dtypeOfElement(type: ElementType, float?: FloatDType): DType {
  return float !== undefined && isFloatType(type) ? float : TYPES[type].dtype;
}

/** Whether arithmetic on this type is that of our type: integers that wrap at another width are not. */
export const computesAsIs = (type: ElementType): boolean => isFloatType(type) || type === "int32" || type === "int64";

/** `to` of Cast in operator set 1 to 5, which is a text. */
export const elementTypeNamed = (text: string): number => {
  const aliases: Readonly<Record<string, ElementType>> = { float: "float32", double: "float64" };
  const name = text.toLowerCase();
  return TYPES[(aliases[name] ?? name) as ElementType]?.code ?? 0;
};
