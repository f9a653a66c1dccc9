import { describe, expect, it } from "vitest";
import { isSemblanceError } from "../errors.js";
import { Key } from "../random/key.js";
import { type NdArray, ndarray } from "./nd-array.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const sample: Record<string, NdArray> = {
  "b.flags": ndarray("bool", [3], [1, 0, 1]),
  "a.weight": ndarray("float32", [2, 3], [0.5, -1, 2, 3.25, -0, 1e-40]),
  count: ndarray("int32", [], [-7]),
  exact: ndarray("float64", [2], [Math.PI, Number.NEGATIVE_INFINITY]),
  empty: ndarray("float32", [0, 4], []),
  "größe ✓": ndarray("float32", [1], [1]),
};

/** A file from a header given as text or object, and data. */
function file(header: unknown, data: ArrayLike<number> = [], announced?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(announced ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isSemblanceError(error)) return error.code;
    throw error;
  }
  return "none";
}

const one = (dtype: string, shape: unknown, begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe("encodeSafetensors and decodeSafetensors", () => {
  it("return what they were given, to the bit", () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(sample, { step: "12", format: "semblance" }));
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(sample).sort());
    for (const [name, array] of Object.entries(sample)) expect(tensors[name], name).toEqual(array);
    expect(metadata).toEqual({ step: "12", format: "semblance" });
  });

  it("give the same bytes whatever the order of the names", () => {
    const reversed = Object.fromEntries(Object.entries(sample).reverse());
    expect(encodeSafetensors(reversed, { b: "2", a: "1" })).toEqual(encodeSafetensors(sample, { a: "1", b: "2" }));
  });

  it("write the official layout", () => {
    const bytes = encodeSafetensors({ x: ndarray("float32", [1], [1]) });
    const header = '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    expect([...bytes.subarray(0, 8)]).toEqual([56, 0, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(bytes.subarray(8, 64))).toBe(header.padEnd(56));
    expect([...bytes.subarray(64)]).toEqual([0, 0, 0x80, 0x3f]);
  });

  it("align every array", () => {
    const bytes = encodeSafetensors(sample);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(length % 8).toBe(0);
    expect(header.exact.data_offsets[0] % 8).toBe(0);
    expect(header["a.weight"].data_offsets[0] % 4).toBe(0);
  });

  it("read a file that lies at an odd offset of a larger buffer, and copy it", () => {
    const bytes = encodeSafetensors(sample);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    const { tensors } = decodeSafetensors(shifted);
    shifted.fill(0);
    expect(tensors.exact).toEqual(sample.exact);
  });

  it("store a file without tensors and names that objects have already", () => {
    expect(decodeSafetensors(encodeSafetensors({}))).toEqual({ tensors: {}, metadata: {} });
    const odd = Object.fromEntries([["__proto__", ndarray("int32", [1], [3])]]);
    expect(Object.entries(decodeSafetensors(encodeSafetensors(odd)).tensors)).toEqual(Object.entries(odd));
  });
});

describe("decodeSafetensors", () => {
  it.each([
    [
      "F16",
      [0x00, 0x3c, 0x01, 0x00, 0xff, 0x7b, 0x00, 0xfc],
      "float32",
      [1, 2 ** -24, 65504, Number.NEGATIVE_INFINITY],
    ],
    ["BF16", [0x80, 0x3f, 0x49, 0x40, 0x80, 0xff], "float32", [1, 3.140625, Number.NEGATIVE_INFINITY]],
    ["I64", [0xfe, 255, 255, 255, 255, 255, 255, 255, 5, 0, 0, 0, 0, 0, 0, 0], "int32", [-2, 5]],
    ["U64", [9, 0, 0, 0, 0, 0, 0, 0], "int32", [9]],
    ["U32", [255, 255, 255, 127], "int32", [2147483647]],
    ["I16", [0xff, 0xff], "int32", [-1]],
    ["U16", [0xff, 0xff], "int32", [65535]],
    ["I8", [0x80], "int32", [-128]],
    ["U8", [0, 255], "int32", [0, 255]],
  ])("reads %s exactly", (dtype, data, as, values) => {
    const { tensors } = decodeSafetensors(file({ x: one(dtype, [values.length], 0, data.length) }, data));
    expect(tensors.x!.dtype).toBe(as);
    expect([...tensors.x!.data]).toEqual(values);
  });

  it.each([
    ["I64", [0, 0, 0, 128, 0, 0, 0, 0]],
    ["U64", [0, 0, 0, 0, 1, 0, 0, 0]],
    ["U32", [0, 0, 0, 128]],
    ["BOOL", [2]],
  ])("refuses a value of %s that cannot be kept", (dtype, data) => {
    const bytes = file({ x: one(dtype, [1], 0, data.length) }, data);
    expect(codeOf(() => decodeSafetensors(bytes))).toBe("SAFETENSORS_VALUE_UNREPRESENTABLE");
  });

  it.each([
    ["nothing", new Uint8Array(0), "SAFETENSORS_TRUNCATED"],
    ["half a length", new Uint8Array(5), "SAFETENSORS_TRUNCATED"],
    ["no header", file("", [], 2), "SAFETENSORS_TRUNCATED"],
    ["an empty header", file(""), "SAFETENSORS_HEADER_INVALID"],
    ["a header of 2^60 bytes", file("{}", [], 2 ** 60), "SAFETENSORS_HEADER_TOO_LARGE"],
    ["a header of 100 MB and a byte", file("{}", [], 100_000_001), "SAFETENSORS_HEADER_TOO_LARGE"],
    ["a pickle", Uint8Array.from([0x80, 2, 0, 0, 0, 0, 0, 0, 0x8a]), "SAFETENSORS_TRUNCATED"],
    ["a list", file("[]"), "SAFETENSORS_HEADER_INVALID"],
    ["half an object", file('{"x":'), "SAFETENSORS_HEADER_INVALID"],
    ["bytes that are no UTF-8", file("{}  ", []).fill(0xff, 9), "SAFETENSORS_HEADER_INVALID"],
    ["deep nesting", file(`{"x":${"[".repeat(50_000)}`), "SAFETENSORS_HEADER_INVALID"],
    ["a number for a tensor", file({ x: 3 }), "SAFETENSORS_HEADER_INVALID"],
    ["null for a tensor", file({ x: null }), "SAFETENSORS_HEADER_INVALID"],
    ["no dtype", file({ x: { shape: [], data_offsets: [0, 4] } }, [0, 0, 0, 0]), "SAFETENSORS_HEADER_INVALID"],
    ["a foreign dtype", file({ x: one("F8_E4M3", [1], 0, 1) }, [0]), "SAFETENSORS_DTYPE_UNSUPPORTED"],
    ["a dtype that objects inherit", file({ x: one("toString", [1], 0, 1) }, [0]), "SAFETENSORS_DTYPE_UNSUPPORTED"],
    ["a negative extent", file({ x: one("U8", [-1], 0, 1) }, [0]), "SAFETENSORS_HEADER_INVALID"],
    ["a fraction", file({ x: one("U8", [0.5], 0, 1) }, [0]), "SAFETENSORS_HEADER_INVALID"],
    [
      "a shape that overflows before its 0",
      file({ x: one("U8", [2 ** 52, 2 ** 52, 0], 0, 0) }),
      "SAFETENSORS_HEADER_INVALID",
    ],
    [
      "offsets that do not fit the shape",
      file({ x: one("F32", [2], 0, 4) }, [0, 0, 0, 0]),
      "SAFETENSORS_OFFSETS_INVALID",
    ],
    ["offsets that go backwards", file({ x: one("U8", [1], 1, 0) }, [0]), "SAFETENSORS_OFFSETS_INVALID"],
    ["too little data", file({ x: one("U8", [2], 0, 2) }, [0]), "SAFETENSORS_TRUNCATED"],
    ["a terabyte in no bytes", file({ x: one("U8", [2 ** 40], 0, 2 ** 40) }), "SAFETENSORS_TRUNCATED"],
    ["too much data", file({ x: one("U8", [1], 0, 1) }, [0, 0]), "SAFETENSORS_OFFSETS_INVALID"],
    ["a hole", file({ x: one("U8", [1], 0, 1), y: one("U8", [1], 2, 3) }, [0, 0, 0]), "SAFETENSORS_OFFSETS_INVALID"],
    [
      "an overlap",
      file({ x: one("U8", [2], 0, 2), y: one("U8", [2], 1, 3) }, [0, 0, 0]),
      "SAFETENSORS_OFFSETS_INVALID",
    ],
    ["metadata that is no text", file({ __metadata__: { x: 1 } }), "SAFETENSORS_HEADER_INVALID"],
    [
      "a name twice",
      file(`{"x":${JSON.stringify(one("U8", [0], 0, 0))},"\\u0078":${JSON.stringify(one("U8", [0], 0, 0))}}`),
      "SAFETENSORS_HEADER_INVALID",
    ],
  ])("refuses %s", (_, bytes, code) => {
    expect(codeOf(() => decodeSafetensors(bytes))).toBe(code);
  });

  it("says what is wrong and what to do", () => {
    expect(() =>
      decodeSafetensors(file({ x: one("F32", [2], 0, 4) }, [0, 0, 0, 0])),
    ).toThrowErrorMatchingInlineSnapshot(`[CheckpointError: tensor "x": F32[2] needs 8 bytes and its offsets give 4]`);
  });

  it("answers 2,000 damaged files with a valid result or a coded error", () => {
    const whole = encodeSafetensors(sample, { note: "a text" });
    const random = Key.fromSeed(11).stream();
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < 2000; round++) {
      let bytes = whole.slice();
      const edits = 1 + random.integer(2);
      for (let edit = 0; edit < edits; edit++) {
        // Half of the mutations are kept to the header, where all the structure is.
        const at = random.integer(random.integer(2) === 0 ? bytes.length : Math.min(bytes.length, 420));
        const kind = random.integer(4);
        if (kind === 0) bytes[at] = random.integer(256);
        else if (kind === 1) bytes[at] = 0x30 + random.integer(10);
        else if (kind === 2) bytes = bytes.slice(0, Math.max(1, at));
        else bytes = Uint8Array.from([...bytes.subarray(0, at), random.integer(256), ...bytes.subarray(at)]);
      }
      try {
        const { tensors } = decodeSafetensors(bytes);
        const size = Object.values(tensors).reduce((total, { data }) => total + data.byteLength, 0);
        expect(size).toBeLessThanOrEqual(4 * bytes.length);
        for (const { shape, data } of Object.values(tensors)) {
          expect(data.length).toBe(shape.reduce((product, extent) => product * extent, 1));
        }
        outcomes.read++;
      } catch (error) {
        if (!isSemblanceError(error)) throw error;
        expect(error.code).toMatch(/^SAFETENSORS_/);
        outcomes.refused++;
      }
    }
    // Both kinds of outcome must have been met, or the mutations test nothing.
    expect(outcomes.read).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(500);
  });
});

describe("encodeSafetensors", () => {
  const x = ndarray("float32", [1], [1]);
  it.each([
    ["the name of the metadata", () => encodeSafetensors({ __metadata__: x }), "SAFETENSORS_TENSOR_INVALID"],
    ["half a character in a name", () => encodeSafetensors({ "\ud800": x }), "SAFETENSORS_TENSOR_INVALID"],
    ["a shape of another size", () => encodeSafetensors({ x: { ...x, shape: [2] } }), "SAFETENSORS_TENSOR_INVALID"],
    [
      "data of another type",
      () => encodeSafetensors({ x: { ...x, dtype: "int32" } as never }),
      "SAFETENSORS_TENSOR_INVALID",
    ],
    [
      "an element type of nobody",
      () => encodeSafetensors({ x: { ...x, dtype: "f4" } as never }),
      "SAFETENSORS_TENSOR_INVALID",
    ],
    ["a number as metadata", () => encodeSafetensors({ x }, { n: 1 as never }), "SAFETENSORS_METADATA_INVALID"],
  ])("refuses %s", (_, run, code) => {
    expect(codeOf(run)).toBe(code);
  });
});
