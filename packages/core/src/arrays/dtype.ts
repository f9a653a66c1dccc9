/** The element types of Semblance. Indices and labels are `int32`; `bool` is stored as bytes 0 and 1. */
export type DType = "float32" | "float64" | "int32" | "bool";
export type FloatDType = "float32" | "float64";

/** The typed array that holds elements of a given type. */
export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  bool: Uint8Array;
}
export type TypedArray = ArrayOf[DType];

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const;

export const DTYPES = Object.keys(constructors) as readonly DType[];

export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === "float32" || dtype === "float64";
}

/** A zero-filled typed array of `length` elements. */
export function allocate<D extends DType>(dtype: D, length: number): ArrayOf[D] {
  return new constructors[dtype](length) as ArrayOf[D];
}

/** Whether `data` is the typed array that `dtype` is stored in. */
export function holds(dtype: DType, data: unknown): data is TypedArray {
  return data instanceof constructors[dtype];
}

/** The element type that a typed array stores, or undefined when it is none of ours. */
export function dtypeOf(data: unknown): DType | undefined {
  return DTYPES.find((dtype) => holds(dtype, data));
}

/** A copy of `values` as elements of `dtype`; booleans become 0 and 1, everything but ±0 being 1, NaN too. */
export function convert<D extends DType>(dtype: D, values: ArrayLike<number>): ArrayOf[D] {
  const out = allocate(dtype, values.length);
  if (dtype === "bool") for (let i = 0; i < values.length; i++) out[i] = Number(values[i]) === 0 ? 0 : 1;
  else for (let i = 0; i < values.length; i++) out[i] = values[i] as number;
  return out;
}
