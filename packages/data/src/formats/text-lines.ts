import { lineTooLong } from "../errors/text-errors.js";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** No row of numbers comes near; a file without line ends should be refused before it is turned into one string. */
const MAX_LINE_BYTES = 64 * 2 ** 20;

export interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  /** Where the line lies in the bytes, without its end. */
  readonly start: number;
  readonly end: number;
}

/** The byte that ends a line: \n (also in \r\n), or \r in a file without any \n. */
export function lineEndOf(bytes: Uint8Array): typeof NEWLINE | typeof RETURN {
  return bytes.includes(NEWLINE) ? NEWLINE : RETURN;
}

/** Calls `onLine` with each non-empty line. */
export function forEachLine(bytes: Uint8Array, path: string, onLine: (line: Line) => void): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const separator = lineEndOf(bytes);
  let start = 0;
  for (let number = 1; start < buffer.length; number++) {
    const found = buffer.indexOf(separator, start);
    const next = found === -1 ? buffer.length : found;
    if (next - start > MAX_LINE_BYTES) throw lineTooLong(path, number, MAX_LINE_BYTES);
    const end = separator === NEWLINE && next > start && buffer[next - 1] === RETURN ? next - 1 : next;
    if (end > start) onLine({ text: buffer.toString("utf8", start, end), number, start, end });
    start = next + 1;
  }
}
