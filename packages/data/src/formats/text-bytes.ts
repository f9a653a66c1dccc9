import { isUtf8 } from "node:buffer";
import { binaryAsText, notUtf8 } from "../errors/text-errors.js";

/** First bytes of formats that people name .csv by mistake. */
const SIGNATURES: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["gzip (.gz)", [0x1f, 0x8b]],
  ["a ZIP archive (.npz, .xlsx)", [0x50, 0x4b, 0x03, 0x04]],
  ["an NPY array (.npy)", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ["Parquet (.parquet)", [0x50, 0x41, 0x52, 0x31]],
  ["a PNG image (.png)", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG image (.jpg)", [0xff, 0xd8, 0xff]],
];

const startsWith = (bytes: Uint8Array, prefix: readonly number[]) => prefix.every((byte, i) => bytes[i] === byte);

/**
 * The bytes of a text file after its byte order mark.
 *
 * Errors   BINARY_FILE, ENCODING_UNSUPPORTED
 */
export function textBytes(bytes: Uint8Array, path: string): Uint8Array {
  const signature = SIGNATURES.find(([, prefix]) => startsWith(bytes, prefix));
  if (signature !== undefined) throw binaryAsText(path, signature[0]);
  if (startsWith(bytes, [0xff, 0xfe])) throw notUtf8(path, "UTF-16LE");
  if (startsWith(bytes, [0xfe, 0xff])) throw notUtf8(path, "UTF-16BE");
  // NUL occurs in every common binary format and in no text.
  if (bytes.includes(0)) throw binaryAsText(path, undefined);
  if (!isUtf8(bytes)) throw notUtf8(path, undefined);
  return startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes;
}
