import { type Shape, sizeOf, stridesOf } from "@semblance/core";
import { noRows } from "../errors/array-errors.js";
import type { ArrayTable, Numbers } from "../tables/table.js";
import { readNpyHeader } from "./npy-header.js";
import { decodeNumbers } from "./raw-numbers.js";

/** An array of numbers in row-major order. */
export interface RawArray {
  readonly shape: Shape;
  readonly values: Numbers;
}

/**
 * Decodes one NPY array: bool, int, uint (8 to 64 bits) and float (16 to 64 bits), either byte order, C or Fortran order.
 *
 * Errors   MAGIC_WRONG, HEADER_BROKEN, DTYPE_UNSUPPORTED, RANK_UNSUPPORTED, FILE_TRUNCATED, FILE_TOO_LONG, INTEGER_TOO_LARGE, NO_ROWS
 */
export function decodeNpy(bytes: Uint8Array, where: string): RawArray {
  const header = readNpyHeader(bytes, where);
  const values = decodeNumbers(bytes.subarray(header.offset), header.shape, header.encoding, where);
  if (values.length === 0) throw noRows(where);
  const { shape } = header;
  return { shape, values: header.fortranOrder && shape.length > 1 ? rowMajor(values, shape) : values };
}

/** Reads an `.npy` file, whose first axis counts the rows. */
export function readNpy(bytes: Uint8Array, path: string): ArrayTable {
  return { kind: "array", name: path, ...decodeNpy(bytes, path) };
}

/** Fortran order is the row-major order of the reversed axes: element (i, j, k) lies at i + I·(j + J·k). */
function rowMajor(values: Numbers, shape: Shape): Numbers {
  const out = new (values.constructor as new (length: number) => Numbers)(values.length);
  const strides = stridesOf([...shape].reverse()).reverse();
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < sizeOf(shape); to++) {
    out[to] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
