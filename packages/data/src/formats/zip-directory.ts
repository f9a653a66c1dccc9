import { zipBroken } from "../errors/array-errors.js";

/** What the central directory says of one file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
/** Deflate never makes more than 1,032 bytes of one. */
const MAX_RATIO = 1032;
const ENCRYPTED = 1;

/**
 * The central directory of a ZIP archive, checked: every entry lies in the file, is not encrypted, and does not claim more
 * bytes than its compressed form can hold. fflate allocates what an entry claims, and does not compare checksums.
 *
 * Errors   ZIP_DAMAGED
 * Source   PKWARE, APPNOTE.TXT, sections 4.3.12 and 4.3.16
 */
export function readZipDirectory(bytes: Uint8Array, where: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) throw zipBroken(where, "its directory, which comes last, is missing");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY) throw zipBroken(where, "its directory is damaged");
    const entry = readEntry(bytes, view, at, where);
    entries.push(entry);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) if (view.getUint32(at, true) === END) return at;
  return undefined;
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, where: string): ZipEntry {
  const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)));
  const compressedSize = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const inside = `${where}, "${name}"`;
  if (view.getUint16(at + 8, true) & ENCRYPTED) throw zipBroken(inside, "it is encrypted");
  if (view.getUint32(at + 42, true) + 30 + compressedSize > view.byteLength) throw zipBroken(inside, "it is cut short");
  if (size > compressedSize * MAX_RATIO + 64)
    throw zipBroken(inside, `it claims ${size} bytes out of ${compressedSize}`);
  return { name, crc: view.getUint32(at + 16, true), size, compressedSize };
}
