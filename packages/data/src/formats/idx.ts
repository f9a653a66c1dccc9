import { dtypeUnsupported, headerBroken, magicWrong, noRows } from "../errors/array-errors.js";
import type { ArrayTable } from "../tables/table.js";
import { decodeNumbers, type Encoding } from "./raw-numbers.js";

/** The third byte of an IDX file. */
const TYPES: Readonly<Record<number, Encoding>> = {
  8: { kind: "uint", bytes: 1, bigEndian: true },
  9: { kind: "int", bytes: 1, bigEndian: true },
  11: { kind: "int", bytes: 2, bigEndian: true },
  12: { kind: "int", bytes: 4, bigEndian: true },
  13: { kind: "float", bytes: 4, bigEndian: true },
  14: { kind: "float", bytes: 8, bigEndian: true },
};

/**
 * Reads an IDX file: 0, 0, type, number of axes, big-endian uint32 sizes, big-endian values. Three axes of bytes are images
 * whose ink is 255.
 *
 * Errors   MAGIC_WRONG, DTYPE_UNSUPPORTED, HEADER_BROKEN, FILE_TRUNCATED, FILE_TOO_LONG, NO_ROWS
 * Source   Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats"
 */
export function readIdx(bytes: Uint8Array, path: string): ArrayTable {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) throw magicWrong(path, "an IDX");
  const type = bytes[2]!;
  const rank = bytes[3]!;
  const encoding = TYPES[type];
  if (encoding === undefined) throw dtypeUnsupported(path, `0x${type.toString(16).padStart(2, "0")}`);
  if (rank === 0) throw headerBroken(path, "IDX", "it has no axes");
  const offset = 4 + 4 * rank;
  if (bytes.length < offset) throw headerBroken(path, "IDX", "it stops early");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const values = decodeNumbers(bytes.subarray(offset), shape, encoding, path);
  if (values.length === 0) throw noRows(path);
  const table: ArrayTable = { kind: "array", name: path, shape, values };
  const [, height = 1, width = 1] = shape;
  return rank === 3 && type === 0x08 ? { ...table, image: { height, width, ink: 255 } } : table;
}
