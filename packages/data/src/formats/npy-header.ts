import { dtypeUnsupported, headerBroken, magicWrong, scalarArray } from "../errors/array-errors.js";
import type { Encoding } from "./raw-numbers.js";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const KINDS = { b: "bool", i: "int", u: "uint", f: "float" } as const;
/** numpy itself allows 64 axes at most. */
const MAX_RANK = 64;

export interface NpyHeader {
  readonly encoding: Encoding;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** Where the values begin. */
  readonly offset: number;
}

/**
 * The header of an NPY array, versions 1 to 3: magic, version, length, and a Python dictionary of three keys.
 *
 * Errors   MAGIC_WRONG, HEADER_BROKEN, DTYPE_UNSUPPORTED, RANK_UNSUPPORTED
 * Source   numpy.lib.format, "Format Version 1.0", "2.0" and "3.0"
 */
export function readNpyHeader(bytes: Uint8Array, where: string): NpyHeader {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw magicWrong(where, "an NPY");
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) throw headerBroken(where, "NPY", `version ${version} is unknown`);
  const lengthBytes = version === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  if (bytes.length < start) throw headerBroken(where, "NPY", "it stops early");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw headerBroken(where, "NPY", "it stops early");
  // Real headers are about a hundred bytes, and a hostile one should not become a huge string.
  if (length > 65_535) throw headerBroken(where, "NPY", `it claims to be ${length} bytes long`);
  const text = new TextDecoder().decode(bytes.subarray(start, start + length));
  return {
    encoding: encodingOf(text, where),
    shape: shapeOf(text, where),
    fortranOrder: fortranOrderOf(text, where),
    offset: start + length,
  };
}

function encodingOf(text: string, where: string): Encoding {
  const descr = /'descr'\s*:\s*(\[[^\]]*\]|'[^']*'|"[^"]*")/.exec(text)?.[1];
  if (descr === undefined) throw headerBroken(where, "NPY", "it has no element type");
  const match = /^['"]([<>=|])?([biuf])(\d+)['"]$/.exec(descr);
  const kind = match === null ? undefined : KINDS[match[2] as keyof typeof KINDS];
  const bytes = Number(match?.[3]);
  const widths = kind === "bool" ? [1] : kind === "float" ? [2, 4, 8] : [1, 2, 4, 8];
  if (kind === undefined || !widths.includes(bytes)) throw dtypeUnsupported(where, descr.slice(0, 60));
  return { kind, bytes: bytes as Encoding["bytes"], bigEndian: match?.[1] === ">" };
}

function shapeOf(text: string, where: string): number[] {
  const inner = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (inner === undefined) throw headerBroken(where, "NPY", "it has no shape");
  const shape = inner
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (shape.length === 0) throw scalarArray(where);
  if (shape.length > MAX_RANK) throw headerBroken(where, "NPY", `it claims ${shape.length} axes`);
  const extents = shape.map((part) => Number(part.replace(/L$/, "")));
  if (!extents.every((extent) => Number.isSafeInteger(extent)))
    throw headerBroken(where, "NPY", "its shape is no shape");
  return extents;
}

function fortranOrderOf(text: string, where: string): boolean {
  const flag = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  if (flag === undefined) throw headerBroken(where, "NPY", "it does not say in which order the values lie");
  return flag === "True";
}
