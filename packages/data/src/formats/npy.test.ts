import { ndarray } from "@semblance/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packed } from "../../test/support/bytes.js";
import { codeOf, errorOf } from "../../test/support/expect-error.js";
import { npyFile } from "../../test/support/npy-file.js";
import { tableOf, tableOfArray } from "../tables/table-of.js";
import { decodeNpy, readNpy } from "./npy.js";
import { encodeNpyTable, writeNpy } from "./npy-writer.js";

const decode = (bytes: Uint8Array) => {
  const { shape, values } = decodeNpy(bytes, "t.npy");
  return { shape: [...shape], values: [...values] };
};

type Setter = (view: DataView, at: number, value: number) => void;
const endings: [string, string, number, (little: boolean) => Setter, number[]][] = [
  ["int16", "i2", 2, (little) => (view, at, value) => view.setInt16(at, value, little), [-32768, 0, 258]],
  ["uint16", "u2", 2, (little) => (view, at, value) => view.setUint16(at, value, little), [65535, 0, 258]],
  ["int32", "i4", 4, (little) => (view, at, value) => view.setInt32(at, value, little), [-(2 ** 31), 1, 16909060]],
  ["uint32", "u4", 4, (little) => (view, at, value) => view.setUint32(at, value, little), [2 ** 32 - 1, 1, 16909060]],
  [
    "int64",
    "i8",
    8,
    (little) => (view, at, value) => view.setBigInt64(at, BigInt(value), little),
    [-(2 ** 53), 1, 2 ** 53],
  ],
  ["uint64", "u8", 8, (little) => (view, at, value) => view.setBigUint64(at, BigInt(value), little), [0, 1, 2 ** 53]],
  [
    "float32",
    "f4",
    4,
    (little) => (view, at, value) => view.setFloat32(at, value, little),
    [-0.5, 2 ** -149, 2 ** 127],
  ],
  ["float64", "f8", 8, (little) => (view, at, value) => view.setFloat64(at, value, little), [-0.1, 5e-324, 1.7e308]],
];

describe("decodeNpy", () => {
  it.each(endings)("reads %s in both byte orders", (_, code, width, setter, values) => {
    for (const little of [true, false]) {
      const body = packed(values, width, setter(little));
      const file = npyFile({ descr: `'${little ? "<" : ">"}${code}'`, shape: "3,", body });
      expect(decode(file)).toEqual({ shape: [3], values });
    }
  });

  it.each([
    ["bool", "'|b1'", [0, 1, 255], [0, 1, 1]],
    ["int8", "'|i1'", [0, 1, 255], [0, 1, -1]],
    ["uint8", "'|u1'", [0, 1, 255], [0, 1, 255]],
  ])("reads %s", (_, descr, body, values) => {
    expect(decode(npyFile({ descr, shape: "3,", body: Uint8Array.from(body) })).values).toEqual(values);
  });

  it("reads float16: subnormal, largest, one third, infinite, not a number", () => {
    const bits = [0x0001, 0x7bff, 0x3555, 0xfc00, 0x7e00, 0x8000];
    const body = packed(bits, 2, (view, at, value) => view.setUint16(at, value, true));
    const third = 0.333251953125;
    const values = [2 ** -24, 65504, third, Number.NEGATIVE_INFINITY, Number.NaN, -0];
    expect(decode(npyFile({ descr: "'<f2'", shape: "6,", body })).values).toEqual(values);
  });

  it("turns Fortran order into row-major order", () => {
    // Element (i, j, k) of [2, 3, 4] lies at i + 2·(j + 3·k).
    const body = Uint8Array.from({ length: 24 }, (_, index) => index);
    const { values } = decode(npyFile({ descr: "'|u1'", shape: "2, 3, 4", body, fortran: true }));
    const expected: number[] = [];
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) expected.push(i + 2 * (j + 3 * k));
    expect(values).toEqual(expected);
  });

  it("reads versions 2 and 3", () => {
    for (const version of [2, 3] as const) {
      expect(decode(npyFile({ descr: "'|u1'", shape: "2,", body: Uint8Array.of(7, 8), version })).values).toEqual([
        7, 8,
      ]);
    }
  });

  const body = new Uint8Array(8);
  const large = packed([2n ** 53n + 1n], 8, (view, at, value) => view.setBigInt64(at, value, true));
  it.each([
    ["a foreign file", new TextEncoder().encode("a,b\n1,2\n"), "MAGIC_WRONG"],
    ["nothing but the magic", npyFile({ descr: "'<f8'", shape: "1,", body }).subarray(0, 7), "HEADER_BROKEN"],
    ["half a header", npyFile({ descr: "'<f8'", shape: "1,", body }).subarray(0, 40), "HEADER_BROKEN"],
    ["half the values", npyFile({ descr: "'<f8'", shape: "2,", body }), "FILE_TRUNCATED"],
    ["values left over", npyFile({ descr: "'<f4'", shape: "1,", body }), "FILE_TOO_LONG"],
    ["2^52 rows", npyFile({ descr: "'<f8'", shape: `${2 ** 52},`, body }), "FILE_TRUNCATED"],
    ["more than can be counted", npyFile({ descr: "'<f8'", shape: `${"9".repeat(30)},`, body }), "HEADER_BROKEN"],
    ["a thousand axes", npyFile({ descr: "'<f8'", shape: "1,".repeat(1000), body }), "HEADER_BROKEN"],
    ["a negative extent", npyFile({ descr: "'<f8'", shape: "-1,", body }), "HEADER_BROKEN"],
    ["objects", npyFile({ descr: "'|O'", shape: "1,", body }), "DTYPE_UNSUPPORTED"],
    ["complex numbers", npyFile({ descr: "'<c8'", shape: "1,", body }), "DTYPE_UNSUPPORTED"],
    ["text", npyFile({ descr: "'<U2'", shape: "1,", body }), "DTYPE_UNSUPPORTED"],
    ["records", npyFile({ descr: "[('a', '<f8')]", shape: "1,", body }), "DTYPE_UNSUPPORTED"],
    ["float128", npyFile({ descr: "'<f16'", shape: "1,", body }), "DTYPE_UNSUPPORTED"],
    ["a whole number beyond 2^53", npyFile({ descr: "'<i8'", shape: "1,", body: large }), "INTEGER_TOO_LARGE"],
    ["a single number", npyFile({ descr: "'<f8'", shape: "", body }), "RANK_UNSUPPORTED"],
    ["no rows", npyFile({ descr: "'<f8'", shape: "0, 3", body: new Uint8Array(0) }), "NO_ROWS"],
  ])("refuses %s", async (_, file, code) => {
    expect(await errorOf(() => readNpy(file, "t.npy"))).toMatchObject({ name: "DataError", code });
  });
});

describe("writeNpy", () => {
  const finite = { noNaN: true, noDefaultInfinity: true } as const;
  const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
  const values = {
    float32: fc.float(finite),
    float64: fc.double(finite),
    int32: fc.integer(),
    bool: fc.integer({ min: 0, max: 1 }),
  };

  it("reads back as it was written, for every type and shape", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(values) as (keyof typeof values)[])),
        shape,
        fc.gen(),
        (dtype, extents, draw) => {
          const size = extents.reduce((product, extent) => product * extent, 1);
          const array = ndarray(
            dtype,
            extents,
            Array.from({ length: size }, () => draw(() => values[dtype])),
          );
          const file = writeNpy(array);
          expect(decode(file)).toEqual({ shape: extents, values: [...array.data] });
          // numpy maps files into memory, for which the values begin at a multiple of 64.
          expect(10 + file[8]! + 256 * file[9]!).toSatisfy((offset: number) => offset % 64 === 0);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  // test/shared-data.test.ts compares with files that numpy wrote.
  it("lays out the header as the format prescribes", () => {
    const header = "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2), }";
    const file = writeNpy(ndarray("int32", [2, 2], [1, 2, 3, 4]));
    const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0];
    expect([...file.subarray(0, 10)]).toEqual(magic);
    expect(new TextDecoder().decode(file.subarray(10, 128))).toBe(`${header.padEnd(117)}\n`);
    expect([...file.subarray(128)]).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]);
  });

  it("keeps the type of an array table, and writes columns as a matrix", () => {
    const array = encodeNpyTable({ kind: "array", name: "t", shape: [2], values: Uint16Array.of(1, 65535) });
    expect(decode(Uint8Array.from(array.flatMap((part) => [...part])))).toEqual({ shape: [2], values: [1, 65535] });
    const columns = encodeNpyTable(tableOf("t", { a: [1, 2], b: [3, 4] }));
    expect(decode(Uint8Array.from(columns.flatMap((part) => [...part])))).toEqual({
      shape: [2, 2],
      values: [1, 3, 2, 4],
    });
  });

  it("refuses text, what is no number, and a shape that does not fit", async () => {
    expect(await codeOf(() => encodeNpyTable(tableOf("t", { a: ["x"] })))).toBe("TEXT_IN_ARRAY");
    expect(await codeOf(() => writeNpy(ndarray("float32", [1], [Number.NaN])))).toBe("VALUE_NOT_FINITE");
    const wrong = { ...tableOfArray("t", ndarray("float32", [1], [1])), shape: [2] };
    expect(await codeOf(() => encodeNpyTable(wrong))).toBe("TABLE_MALFORMED");
  });
});
