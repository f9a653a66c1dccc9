import { type Shape, sizeOf } from "@semblance/core";
import { integerTooLarge, sizeWrong } from "../errors/array-errors.js";
import type { Numbers } from "../tables/table.js";

/** How elements lie in a file: a kind, a width in bytes, a byte order. */
export interface Encoding {
  readonly kind: "bool" | "int" | "uint" | "float";
  readonly bytes: 1 | 2 | 4 | 8;
  readonly bigEndian: boolean;
}

type Constructor = new (buffer: ArrayBuffer) => Numbers;

/** Elements whose stored form a typed array has already. */
const NATIVE: Readonly<Record<string, Constructor>> = {
  bool1: Uint8Array,
  int1: Int8Array,
  uint1: Uint8Array,
  int2: Int16Array,
  uint2: Uint16Array,
  int4: Int32Array,
  uint4: Uint32Array,
  float4: Float32Array,
  float8: Float64Array,
};

/** float32 and its kin are stored as the host stores them only on little-endian machines, which all that run Node today are. */
const HOST_IS_BIG_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

/**
 * Decodes `shape` elements from `body`, whose length must fit exactly; it is checked before anything is allocated.
 *
 * Errors   FILE_TRUNCATED, FILE_TOO_LONG, INTEGER_TOO_LARGE
 */
export function decodeNumbers(body: Uint8Array, shape: Shape, encoding: Encoding, where: string): Numbers {
  // A product beyond 2^53 is rounded and one beyond 1e308 infinite; either way it differs from the length of a real file.
  const expected = sizeOf(shape) * encoding.bytes;
  if (expected !== body.length) throw sizeWrong(where, expected, body.length);
  const native = NATIVE[`${encoding.kind}${encoding.bytes}`];
  if (native !== undefined) {
    // A copy, because a view would need the body to be aligned and would keep the whole file in memory.
    const copy = new Uint8Array(body);
    if (encoding.bigEndian !== HOST_IS_BIG_ENDIAN && encoding.bytes > 1) reverseEach(copy, encoding.bytes);
    const values = new native(copy.buffer);
    if (encoding.kind === "bool") for (let i = 0; i < values.length; i++) values[i] = values[i] === 0 ? 0 : 1;
    return values;
  }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return encoding.kind === "float" ? halves(view, !encoding.bigEndian) : wholes(view, encoding, where);
}

function reverseEach(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const held = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = held;
    }
  }
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function halves(view: DataView, littleEndian: boolean): Float32Array {
  const out = new Float32Array(view.byteLength / 2);
  for (let i = 0; i < out.length; i++) {
    const bits = view.getUint16(i * 2, littleEndian);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const magnitude =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Number.POSITIVE_INFINITY
            : Number.NaN
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    out[i] = bits & 0x8000 ? -magnitude : magnitude;
  }
  return out;
}

/** 64-bit whole numbers, as float64, which holds them exactly up to 2^53. */
function wholes(view: DataView, { kind, bigEndian }: Encoding, where: string): Float64Array {
  const out = new Float64Array(view.byteLength / 8);
  const limit = BigInt(Number.MAX_SAFE_INTEGER) + 1n;
  for (let i = 0; i < out.length; i++) {
    const value = kind === "int" ? view.getBigInt64(i * 8, !bigEndian) : view.getBigUint64(i * 8, !bigEndian);
    if (value > limit || value < -limit) throw integerTooLarge(`${where}, value ${i} (counted from 0)`, value);
    out[i] = Number(value);
  }
  return out;
}
