import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatenated, packed } from "../../test/support/bytes.js";
import { errorOf } from "../../test/support/expect-error.js";
import { readIdx } from "./idx.js";

type Setter = (view: DataView, at: number, value: number) => void;
const types: Record<number, readonly [width: number, set: Setter, value: fc.Arbitrary<number>]> = {
  8: [1, (view, at, value) => view.setUint8(at, value), fc.integer({ min: 0, max: 255 })],
  9: [1, (view, at, value) => view.setInt8(at, value), fc.integer({ min: -128, max: 127 })],
  11: [2, (view, at, value) => view.setInt16(at, value), fc.integer({ min: -32768, max: 32767 })],
  12: [4, (view, at, value) => view.setInt32(at, value), fc.integer()],
  13: [4, (view, at, value) => view.setFloat32(at, value), fc.float({ noNaN: true })],
  14: [8, (view, at, value) => view.setFloat64(at, value), fc.double({ noNaN: true })],
};

const idxFile = (type: number, shape: readonly number[], body: ArrayLike<number>) =>
  concatenated(
    [0, 0, type, shape.length],
    packed([...shape], 4, (view, at, value) => view.setUint32(at, value)),
    body,
  );

describe("readIdx", () => {
  it("reads what was written, for every type and shape", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(types).map(Number)), shapes, fc.gen(), (type, shape, draw) => {
        const [width, set, value] = types[type]!;
        const size = shape.reduce((product, extent) => product * extent, 1);
        const values = Array.from({ length: size }, () => draw(() => value));
        const table = readIdx(idxFile(type, shape, packed(values, width, set)), "t.idx");
        expect([...table.shape]).toEqual(shape);
        expect([...table.values]).toEqual(values);
        expect(table.image !== undefined).toBe(type === 8 && shape.length === 3);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it.each([
    ["a foreign file", new TextEncoder().encode("a,b\n1,2\n"), "MAGIC_WRONG"],
    ["two bytes", Uint8Array.of(0, 0), "MAGIC_WRONG"],
    ["an unknown type", idxFile(10, [1], [1]), "DTYPE_UNSUPPORTED"],
    ["no axes", idxFile(8, [], [1]), "HEADER_BROKEN"],
    ["half a header", idxFile(8, [2, 2], []).subarray(0, 9), "HEADER_BROKEN"],
    ["a value too few", idxFile(8, [2, 2], [1, 2, 3]), "FILE_TRUNCATED"],
    ["a value too many", idxFile(8, [2], [1, 2, 3]), "FILE_TOO_LONG"],
    ["2^32 items of 2^32 bytes", idxFile(8, [0xffffffff, 0xffffffff], [1]), "FILE_TRUNCATED"],
    ["255 axes of 2^32", idxFile(8, new Array(255).fill(0xffffffff), [1]), "FILE_TRUNCATED"],
    ["no rows", idxFile(8, [0, 4], []), "NO_ROWS"],
  ])("refuses %s", async (_, file, code) => {
    expect(await errorOf(() => readIdx(file, "t.idx"))).toMatchObject({ name: "DataError", code });
  });
});
