import { bytesOf, type ElementType, elementTypeOf, nameOfElementType } from "../element-types.js";
import { malformed, OnnxError, tooLarge } from "../errors.js";
import { fromBfloat16, fromFloat16 } from "../half.js";
import type { OnnxTensor, StoredData } from "../onnx-model.js";
import { ProtoReader } from "./proto-reader.js";

/** No tensor has more axes. */
const MOST_AXES = 32;
/** Elements are counted by an int32 in most runtimes. */
export const MOST_ELEMENTS = 2 ** 31 - 1;

/** The lists in which a `TensorProto` may keep its elements, instead of raw bytes. */
interface Lists {
  readonly floats: number[];
  readonly doubles: number[];
  readonly int32: bigint[];
  readonly int64: bigint[];
  readonly uint64: bigint[];
}

/**
 * Reads a `TensorProto`, as files of test data hold them.
 *
 * @throws OnnxError ONNX_MALFORMED, ONNX_TOO_LARGE, ONNX_EXTERNAL_DATA
 */
export function readOnnxTensor(bytes: Uint8Array): OnnxTensor {
  return readTensor(new ProtoReader(bytes, "tensor"));
}

export function readTensor(reader: ProtoReader): OnnxTensor {
  const dims: bigint[] = [];
  const lists: Lists = { floats: [], doubles: [], int32: [], int64: [], uint64: [] };
  let code = 0;
  let name = "";
  let raw: Uint8Array | undefined;
  let external = false;
  let segmented = false;
  reader.eachField((field) => {
    if (field === 1) reader.ints(dims);
    else if (field === 2) code = reader.int();
    else if (field === 3) segmented = true;
    else if (field === 4) reader.floats(lists.floats);
    else if (field === 5) reader.ints(lists.int32);
    else if (field === 7) reader.ints(lists.int64);
    else if (field === 8) name = reader.text();
    else if (field === 9) raw = reader.slice();
    else if (field === 10) reader.doubles(lists.doubles);
    else if (field === 11) reader.ints(lists.uint64);
    else if (field === 13) external = true;
    else if (field === 14) external ||= reader.int() === 1;
  });
  const where = `tensor "${name}"`;
  if (external) {
    throw new OnnxError("ONNX_EXTERNAL_DATA", "the numbers lie in another file, and no file is opened for a model", {
      where,
      fix: "Save the model with its weights inside it.",
    });
  }
  if (segmented) throw malformed("tensors in segments are not written", where);
  const shape = shapeOf(dims, where);
  const type = elementTypeOf(code);
  const typeName = nameOfElementType(code);
  if (type === undefined) return { name, shape, typeName };
  return { name, shape, typeName, content: { type, data: elements(type, countOf(shape, where), raw, lists, where) } };
}

function shapeOf(dims: readonly bigint[], where: string): number[] {
  if (dims.length > MOST_AXES) throw tooLarge(`${dims.length} axes`, where);
  return dims.map((extent) => {
    if (extent < 0n) throw malformed(`an axis of ${extent} elements`, where);
    if (extent > BigInt(MOST_ELEMENTS)) throw tooLarge(`an axis of ${extent} elements`, where);
    return Number(extent);
  });
}

/** The product of the extents, before which nothing is allocated. */
export function countOf(shape: readonly number[], where: string): number {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const extent of shape) {
    count *= extent;
    if (count > MOST_ELEMENTS) throw tooLarge(`a tensor of shape [${shape.join(", ")}]`, where);
  }
  return count;
}

function elements(
  type: ElementType,
  count: number,
  raw: Uint8Array | undefined,
  lists: Lists,
  where: string,
): StoredData {
  if (raw !== undefined) {
    if (raw.length !== count * bytesOf(type)) {
      throw malformed(`${raw.length} bytes for ${count} elements of ${type}`, where);
    }
    // A copy starts at an address that typed arrays accept. The slice of a Node Buffer would not be one.
    const { buffer } = new Uint8Array(raw);
    if (type === "float16") return fromFloat16(new Uint16Array(buffer));
    if (type === "bfloat16") return fromBfloat16(new Uint16Array(buffer));
    return new arrays[type](buffer);
  }
  const list = listOf(type, lists);
  if (list.length !== count) throw malformed(`${list.length} values for ${count} elements of ${type}`, where);
  if (type === "int64") return BigInt64Array.from(lists.int64);
  if (type === "uint64") return BigUint64Array.from(lists.uint64, (value) => BigInt.asUintN(64, value));
  const numbers = Float64Array.from(list as (number | bigint)[], Number);
  if (type === "float16") return fromFloat16(Uint16Array.from(numbers));
  if (type === "bfloat16") return fromBfloat16(Uint16Array.from(numbers));
  return (arrays[type] as { from(values: Float64Array): StoredData }).from(numbers);
}

const arrays = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float64: Float64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;

function listOf(type: ElementType, lists: Lists): readonly (number | bigint)[] {
  if (type === "float32") return lists.floats;
  if (type === "float64") return lists.doubles;
  if (type === "int64") return lists.int64;
  return type === "uint64" || type === "uint32" ? lists.uint64 : lists.int32;
}
