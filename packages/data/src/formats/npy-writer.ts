import { type NdArray, type Shape, sizeOf } from "@semblance/core";
import { dtypeUnsupported } from "../errors/array-errors.js";
import { writeNotFinite, writeShapeMismatch, writeTextInArray } from "../errors/write-errors.js";
import type { Numbers, Table } from "../tables/table.js";

/** numpy's type codes of core's element types. */
const DESCRIPTIONS = { float32: "<f4", float64: "<f8", int32: "<i4", bool: "|b1" } as const;

/** numpy's type codes of the typed arrays that readers give. */
const OF_ARRAY = new Map<unknown, string>([
  [Int8Array, "|i1"],
  [Uint8Array, "|u1"],
  [Int16Array, "<i2"],
  [Uint16Array, "<u2"],
  [Int32Array, "<i4"],
  [Uint32Array, "<u4"],
  [Float32Array, "<f4"],
  [Float64Array, "<f8"],
]);

/**
 * An NPY file (version 1.0, little-endian, C order) of an array.
 *
 * Errors   VALUE_NOT_FINITE, TABLE_MALFORMED
 * Source   numpy.lib.format, "Format Version 1.0"
 */
export function writeNpy(array: NdArray): Uint8Array {
  return concatenate(parts(DESCRIPTIONS[array.dtype], array.shape, array.data));
}

/** The file of a table: an array in its own shape and type, columns as float64 [rows, columns]. */
export function encodeNpyTable(table: Table): readonly Uint8Array[] {
  if (table.kind === "array") {
    const description = OF_ARRAY.get(table.values.constructor);
    if (description === undefined) throw dtypeUnsupported(table.name, table.values.constructor.name);
    return parts(description, table.shape, table.values);
  }
  const width = table.columns.length;
  const values = new Float64Array(table.rows * width);
  table.columns.forEach((column, index) => {
    if (column.kind === "text") throw writeTextInArray(column.name);
    if (column.values.length !== table.rows) {
      throw writeShapeMismatch(table.rows, column.values.length, `column "${column.name}"`);
    }
    for (let row = 0; row < table.rows; row++) values[row * width + index] = column.values[row]!;
  });
  return parts("<f8", [table.rows, width], values);
}

function parts(description: string, shape: Shape, values: Numbers): readonly [Uint8Array, Uint8Array] {
  if (values.length !== sizeOf(shape)) throw writeShapeMismatch(sizeOf(shape), values.length, "the array");
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw writeNotFinite(values[i]!, `value ${i} (counted from 0)`);
  }
  return [header(description, shape), littleEndian(values)];
}

function header(description: string, shape: Shape): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${description}', 'fortran_order': False, 'shape': (${axes}), }`;
  // numpy aligns the values to 64 bytes with spaces and ends the header with a newline.
  const padded = `${dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11)}\n`;
  const out = new Uint8Array(10 + padded.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  out.set(new TextEncoder().encode(padded), 10);
  return out;
}

function littleEndian(values: Numbers): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const width = values.BYTES_PER_ELEMENT;
  const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (hostIsLittleEndian || width === 1) return bytes;
  const out = new Uint8Array(bytes);
  for (let start = 0; start < out.length; start += width) out.subarray(start, start + width).reverse();
  return out;
}

function concatenate([head, body]: readonly [Uint8Array, Uint8Array]): Uint8Array {
  const out = new Uint8Array(head.length + body.length);
  out.set(head);
  out.set(body, head.length);
  return out;
}
