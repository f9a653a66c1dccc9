import { CheckpointError } from "../errors.js";
import { allocate, type DType, type TypedArray } from "./dtype.js";

/** How one element type of the format is stored, and which of ours holds all its values. */
export interface StoredElement {
  readonly bytes: number;
  readonly dtype: DType;
  /** Reads one element; absent where the stored bytes are ours already. */
  readonly read?: (view: DataView, offset: number) => number;
  /** The values that can be kept exactly; absent where all can. */
  readonly accepts?: (value: number) => boolean;
}

const fitsInt32 = (value: number) => value === (value | 0);
const low32 = (view: DataView, at: number) => view.getUint32(at, true);

/**
 * The element types of safetensors that can be read. F32, F64, I32 and BOOL are ours and are also written; the others are
 * converted, which is exact for the floats and the short integers and checked value by value for the long ones.
 */
export const STORED: Readonly<Record<string, StoredElement>> = {
  F64: { bytes: 8, dtype: "float64" },
  F32: { bytes: 4, dtype: "float32" },
  F16: { bytes: 2, dtype: "float32", read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  BF16: { bytes: 2, dtype: "float32", read: (view, at) => brainToNumber(view.getUint16(at, true)) },
  I64: {
    bytes: 8,
    dtype: "int32",
    read: (view, at) => view.getInt32(at + 4, true) * 0x100000000 + low32(view, at),
    accepts: fitsInt32,
  },
  U64: {
    bytes: 8,
    dtype: "int32",
    read: (view, at) => low32(view, at + 4) * 0x100000000 + low32(view, at),
    accepts: fitsInt32,
  },
  I32: { bytes: 4, dtype: "int32" },
  U32: { bytes: 4, dtype: "int32", read: low32, accepts: fitsInt32 },
  I16: { bytes: 2, dtype: "int32", read: (view, at) => view.getInt16(at, true) },
  U16: { bytes: 2, dtype: "int32", read: (view, at) => view.getUint16(at, true) },
  I8: { bytes: 1, dtype: "int32", read: (view, at) => view.getInt8(at) },
  U8: { bytes: 1, dtype: "int32", read: (view, at) => view.getUint8(at) },
  BOOL: { bytes: 1, dtype: "bool", read: (view, at) => view.getUint8(at), accepts: (value) => value <= 1 },
};

/** The name under which each of our element types is written. */
export const STORED_AS = { float32: "F32", float64: "F64", int32: "I32", bool: "BOOL" } as const satisfies Record<
  DType,
  string
>;

/**
 * The elements in `bytes` as our own, copied. Typed arrays have the machine's byte order and the format is little-endian, as is
 * every machine that JavaScript engines are built for today.
 *
 * @throws CheckpointError SAFETENSORS_VALUE_UNREPRESENTABLE naming the tensor, element and value.
 */
export function readElements(type: string, bytes: Uint8Array, tensor: string): TypedArray {
  const { bytes: width, dtype, read, accepts } = STORED[type]!;
  const count = bytes.length / width;
  const out = allocate(dtype, count);
  if (!read) {
    new Uint8Array(out.buffer).set(bytes);
    return out;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) {
    const value = read(view, i * width);
    if (accepts && !accepts(value)) {
      throw new CheckpointError(
        "SAFETENSORS_VALUE_UNREPRESENTABLE",
        `element ${i} of "${tensor}" is ${value}, which ${type} stored as ${dtype} cannot keep`,
        { where: `tensor "${tensor}"`, fix: `Store "${tensor}" with values that ${dtype} holds.` },
      );
    }
    out[i] = value;
  }
  return out;
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a binary32. */
function brainToNumber(bits: number): number {
  word.setUint16(0, bits);
  return word.getFloat32(0);
}
