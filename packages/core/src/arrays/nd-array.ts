import { ShapeError } from "../errors.js";
import { type ArrayOf, allocate, convert, type DType, dtypeOf } from "./dtype.js";

export type Shape = readonly number[];

/** A dense array in row-major order. `data.length` is the product of `shape`. */
export interface NdArray<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
  readonly data: ArrayOf[D];
}

/** The number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** `[2, 3]` as the messages print it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * Wraps values as an array of the given shape. A typed array of the right type is wrapped, not copied.
 *
 * @throws ShapeError SIZE_MISMATCH when the number of values is not the product of the shape; EXTENT_INVALID
 */
export function ndarray<D extends DType>(dtype: D, shape: Shape, values: ArrayLike<number>): NdArray<D> {
  requireShape(shape);
  if (values.length !== sizeOf(shape)) {
    throw new ShapeError("SIZE_MISMATCH", `${values.length} values cannot fill shape ${showShape(shape)}`, {
      fix: `Pass ${sizeOf(shape)} values, or the shape that belongs to the ${values.length} given.`,
    });
  }
  const data = dtypeOf(values) === dtype ? (values as unknown as ArrayOf[D]) : convert(dtype, values);
  return { dtype, shape: [...shape], data };
}

/** An array of zeros. @throws ShapeError EXTENT_INVALID */
export function zerosArray<D extends DType>(dtype: D, shape: Shape): NdArray<D> {
  requireShape(shape);
  return { dtype, shape: [...shape], data: allocate(dtype, sizeOf(shape)) };
}

function requireShape(shape: Shape): void {
  if (shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) return;
  throw new ShapeError("EXTENT_INVALID", `shape ${showShape(shape)} must hold non-negative whole numbers`);
}

/** Rows of at least this many elements are copied as a piece; to make the piece takes as long as to copy that many one by one. */
const WORTH_A_PIECE = 32;

/** The rows of `array` (first axis) that `indices` name, in that order. */
export function takeRows<D extends DType>(array: NdArray<D>, indices: ArrayLike<number>): NdArray<D> {
  const [rows = 0, ...item] = array.shape;
  const width = sizeOf(item);
  const { data } = array;
  const out = allocate(array.dtype, indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]!;
    if (!(Number.isInteger(row) && row >= 0 && row < rows)) {
      throw new ShapeError("INDEX_OUT_OF_RANGE", `row ${row} of an array with ${rows} rows was asked for`);
    }
    if (width < WORTH_A_PIECE) for (let j = 0; j < width; j++) out[i * width + j] = data[row * width + j]!;
    else out.set(data.subarray(row * width, (row + 1) * width) as never, i * width);
  }
  return { dtype: array.dtype, shape: [indices.length, ...item], data: out };
}

/** Whether indices name every one of so many rows, in order: then nothing needs to be taken from anything. */
export function isEveryRow(indices: ArrayLike<number>, rows: number): boolean {
  if (indices.length !== rows) return false;
  for (let i = 0; i < rows; i++) if (indices[i] !== i) return false;
  return true;
}
