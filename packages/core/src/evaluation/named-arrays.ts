import type { DType, FloatDType } from "../arrays/dtype.js";
import { type NdArray, ndarray, type Shape, showShape } from "../arrays/nd-array.js";
import { DataError } from "../errors.js";

/** Numbers with a shape, of no particular element type: as JSON holds them. An NdArray is one. */
export interface NumberArray {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

/**
 * Numbers as an array of a type.
 *
 * @throws DataError ARRAY_INVALID when they do not fill the shape, are not finite, or are no whole numbers where those are needed.
 */
export function toArray<D extends DType>(dtype: D, array: NumberArray, where: string): NdArray<D> {
  const bad = (problem: string, fix: string): never => {
    throw new DataError("ARRAY_INVALID", problem, { where, fix });
  };
  const { shape, data } = array;
  const extents = Array.isArray(shape) && shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  if (!extents) bad("the shape is not a list of whole numbers", 'Pass { "shape": [rows, columns], "data": [...] }.');
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (size !== data.length) bad(`${data.length} values do not fill ${showShape(shape)}`, `Pass ${size} values.`);
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!Number.isFinite(value)) bad(`element ${i} is ${value}`, "Pass finite numbers.");
    if (dtype === "int32" && value !== (value! | 0)) bad(`element ${i} is ${value}`, "Pass whole numbers of 32 bits.");
  }
  return ndarray(dtype, shape, data);
}

/** Arrays by name as floats of one type. */
export function toFloats(
  dtype: FloatDType,
  arrays: Readonly<Record<string, NumberArray>>,
  where: string,
): Record<string, NdArray<FloatDType>> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, toArray(dtype, array, `${where}, array "${name}"`)]),
  );
}
