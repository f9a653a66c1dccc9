import { CheckpointError } from "../errors.js";
import { DTYPES, holds } from "./dtype.js";
import { type NdArray, type Shape, showShape, sizeOf } from "./nd-array.js";
import { repeatedKey } from "./repeated-key.js";
import { readElements, STORED, STORED_AS } from "./safetensors-elements.js";

/** The largest header, in bytes, that the official readers take. */
const LARGEST_HEADER = 100_000_000;
const METADATA = "__metadata__";
const WHERE = "safetensors file";

export interface SafetensorsContent {
  readonly tensors: Record<string, NdArray>;
  /** Free text by name. */
  readonly metadata: Record<string, string>;
}

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

/**
 * Writes named arrays as a safetensors file.
 *
 *     u64 little-endian header length · JSON header, padded with spaces to 8 bytes · the arrays' bytes without gaps
 *
 * The same arrays give the same bytes whatever their order: the widest elements come first, so that each array is aligned, and
 * names decide among equals.
 *
 * Errors   CheckpointError SAFETENSORS_TENSOR_INVALID, SAFETENSORS_METADATA_INVALID, SAFETENSORS_HEADER_TOO_LARGE
 * Source   github.com/huggingface/safetensors, README, "Format"
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, NdArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const width = (array: NdArray) => array.data.BYTES_PER_ELEMENT;
  const entries = Object.entries(tensors);
  for (const [name, array] of entries) requireWritable(name, array);
  entries.sort(([a, x], [b, y]) => width(y) - width(x) || byCodeUnits(a, b));

  const fields: string[] = [];
  const notes = Object.entries(metadata).sort(([a], [b]) => byCodeUnits(a, b));
  for (const [key, value] of notes) requireText(key, value);
  if (notes.length > 0) {
    const texts = notes.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    fields.push(`"${METADATA}":{${texts.join(",")}}`);
  }
  let length = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    const description = { dtype: STORED_AS[dtype], shape, data_offsets: [length, length + data.byteLength] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(description)}`);
    length += data.byteLength;
  }
  const text = new TextEncoder().encode(`{${fields.join(",")}}`);
  const headerLength = Math.ceil(text.length / 8) * 8;
  if (headerLength > LARGEST_HEADER) {
    invalid(
      "SAFETENSORS_HEADER_TOO_LARGE",
      `the header would have ${headerLength} bytes`,
      "Store fewer or shorter names.",
    );
  }

  const bytes = new Uint8Array(8 + headerLength + length);
  new DataView(bytes.buffer).setUint32(0, headerLength, true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(text, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file. Nothing in it is trusted: lengths, offsets, types and shapes are checked before memory is taken, so
 * what is allocated stays within a small multiple of the file's size. The arrays are copies.
 *
 * F16 and BF16 become float32; the integers become int32, where an element that does not fit is an error.
 *
 * Errors   CheckpointError SAFETENSORS_TRUNCATED, SAFETENSORS_HEADER_TOO_LARGE, SAFETENSORS_HEADER_INVALID,
 *          SAFETENSORS_DTYPE_UNSUPPORTED, SAFETENSORS_OFFSETS_INVALID, SAFETENSORS_VALUE_UNREPRESENTABLE
 * Source   github.com/huggingface/safetensors, README, "Format"
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsContent {
  const { header, start } = readHeader(bytes);
  const entries: Entry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) metadata = readMetadata(value);
    else entries.push(readEntry(name, value));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  requireTiling(entries, bytes.length - start);
  // fromEntries makes own properties also of names such as "__proto__".
  const tensors = Object.fromEntries(
    entries.map(({ name, dtype, shape, begin, end }) => {
      const data = readElements(dtype, bytes.subarray(start + begin, start + end), name);
      return [name, { dtype: STORED[dtype]!.dtype, shape, data } as NdArray];
    }),
  );
  return { tensors, metadata };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  const cut = "The file is incomplete or no safetensors file: fetch or save it again.";
  if (bytes.length < 8) invalid("SAFETENSORS_TRUNCATED", `${bytes.length} bytes hold no header length`, cut);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(4, true) * 0x100000000 + view.getUint32(0, true);
  if (length > LARGEST_HEADER) {
    invalid(
      "SAFETENSORS_HEADER_TOO_LARGE",
      `a header of ${length} bytes is announced; ${LARGEST_HEADER} are allowed`,
      cut,
    );
  }
  if (length > bytes.length - 8) {
    invalid("SAFETENSORS_TRUNCATED", `a header of ${length} bytes is announced and ${bytes.length - 8} follow`, cut);
  }
  const foreign = "This is no safetensors file, or a damaged one.";
  if (bytes[8] !== 0x7b) invalid("SAFETENSORS_HEADER_INVALID", "the header does not begin with {", foreign);
  let json: string;
  let header: unknown;
  try {
    json = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length));
    header = JSON.parse(json);
  } catch (cause) {
    return invalid("SAFETENSORS_HEADER_INVALID", "the header is not JSON in UTF-8", foreign, cause);
  }
  const repeated = repeatedKey(json);
  if (repeated !== undefined) {
    invalid("SAFETENSORS_HEADER_INVALID", `the header names "${repeated}" twice`, "Write each name once.");
  }
  return { header: header as Record<string, unknown>, start: 8 + length };
}

function readMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value) || !Object.values(value).every((text) => typeof text === "string")) {
    invalid("SAFETENSORS_HEADER_INVALID", `${METADATA} is not an object of texts`, "Store texts only.");
  }
  return value as Record<string, string>;
}

function readEntry(name: string, value: unknown): Entry {
  const fix = "Write the file with a safetensors library.";
  const bad = (problem: string) => invalid("SAFETENSORS_HEADER_INVALID", `tensor "${name}": ${problem}`, fix);
  if (!isRecord(value)) return bad("its description is not an object");
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string") return bad("dtype is not a text");
  if (!Object.hasOwn(STORED, dtype)) {
    const known = Object.keys(STORED).join(", ");
    invalid("SAFETENSORS_DTYPE_UNSUPPORTED", `tensor "${name}" has elements of type ${dtype}`, `Use one of ${known}.`);
  }
  if (!isExtents(shape)) return bad("shape is not a list of whole numbers, 0 or more");
  if (!isExtents(offsets) || offsets.length !== 2) return bad("data_offsets is not a pair of whole numbers");
  const [begin, end] = offsets as [number, number];
  // Checked factor by factor: a product that overflowed and met a 0 later would be NaN.
  let size = 1;
  for (const extent of shape) {
    size *= extent;
    if (size > Number.MAX_SAFE_INTEGER) return bad(`shape ${showShape(shape)} overflows`);
  }
  if (size * STORED[dtype]!.bytes !== end - begin) {
    invalid(
      "SAFETENSORS_OFFSETS_INVALID",
      `tensor "${name}": ${dtype}${showShape(shape)} needs ${size * STORED[dtype]!.bytes} bytes and its offsets give ${end - begin}`,
      fix,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** Holes and overlaps are refused: they are how a file hides bytes, or makes a small file expand into many large arrays. */
function requireTiling(entries: readonly Entry[], available: number): void {
  let next = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== next) {
      const problem = begin > next ? "leaves a hole before it" : "overlaps another";
      invalid(
        "SAFETENSORS_OFFSETS_INVALID",
        `tensor "${name}" at bytes ${begin} to ${end} ${problem}`,
        "Save it again.",
      );
    }
    next = end;
  }
  if (next > available) {
    invalid(
      "SAFETENSORS_TRUNCATED",
      `${next} bytes of data are described and ${available} are there`,
      "Fetch it again.",
    );
  }
  if (next < available) {
    invalid(
      "SAFETENSORS_OFFSETS_INVALID",
      `${available - next} bytes at the end belong to no tensor`,
      "Save it again.",
    );
  }
}

function requireWritable(name: string, array: NdArray): void {
  const bad = (problem: string, fix: string) =>
    invalid("SAFETENSORS_TENSOR_INVALID", `tensor "${name}": ${problem}`, fix);
  if (name === METADATA || hasLoneSurrogate(name)) bad("the name cannot be stored", "Rename it.");
  if (!DTYPES.includes(array.dtype) || !holds(array.dtype, array.data)) {
    bad(`its data is not a typed array of ${array.dtype}`, "Make it with ndarray(dtype, shape, values).");
  }
  if (!isExtents(array.shape) || sizeOf(array.shape) !== array.data.length) {
    bad(`shape ${showShape(array.shape)} does not hold ${array.data.length} elements`, "Give data and shape one size.");
  }
}

function requireText(key: string, value: unknown): void {
  if (typeof value === "string" && !hasLoneSurrogate(key) && !hasLoneSurrogate(value)) return;
  invalid(
    "SAFETENSORS_METADATA_INVALID",
    `metadata "${key}" is not a text`,
    "Store texts; JSON.stringify other values.",
  );
}

/** A half of a character's UTF-16 pair: JavaScript strings may hold one, UTF-8 cannot. */
const hasLoneSurrogate = (text: string) => /\p{Surrogate}/u.test(text);
const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isExtents(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
}

function invalid(code: string, message: string, fix: string, cause?: unknown): never {
  throw new CheckpointError(code, message, { where: WHERE, fix, ...(cause === undefined ? {} : { cause }) });
}
