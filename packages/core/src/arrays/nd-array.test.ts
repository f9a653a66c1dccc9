import { describe, expect, it } from "vitest";
import { ndarray, sameShape, showShape, sizeOf, stridesOf, takeRows, zerosArray } from "./nd-array.js";

describe("shapes", () => {
  it("have sizes and row-major strides", () => {
    expect([[], [3], [2, 3, 4], [2, 0, 4]].map(sizeOf)).toEqual([1, 3, 24, 0]);
    expect([[], [3], [2, 3, 4], [2, 0, 4]].map(stridesOf)).toEqual([[], [1], [12, 4, 1], [0, 4, 1]]);
  });

  it("are compared and shown", () => {
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect([sameShape([2, 3], [3, 2]), sameShape([2], [2, 1]), sameShape([], [1])]).toEqual([false, false, false]);
    expect([showShape([]), showShape([2, 3])]).toEqual(["[]", "[2, 3]"]);
  });
});

describe("ndarray", () => {
  it("wraps a typed array of its type and copies everything else", () => {
    const data = Float32Array.of(1, 2);
    expect(ndarray("float32", [2], data).data).toBe(data);
    expect(ndarray("float64", [2], data).data).toEqual(Float64Array.of(1, 2));
    const shape = [2];
    const array = ndarray("float32", shape, [1, 2]);
    shape[0] = 5;
    expect(array.shape).toEqual([2]);
  });

  it("refuses values that do not fill the shape", () => {
    expect(() => ndarray("float32", [2, 3], [1, 2])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: 2 values cannot fill shape [2, 3]]`,
    );
    expect(() => ndarray("float32", [], [])).toThrow(expect.objectContaining({ code: "SIZE_MISMATCH" }));
  });

  it.each([[[-1, -2]], [[0.5, 4]], [[Number.NaN]]])("refuses the shape %j", (shape) => {
    expect(() => ndarray("float32", shape, [1, 2])).toThrow(expect.objectContaining({ code: "EXTENT_INVALID" }));
    expect(() => zerosArray("float32", shape)).toThrow(expect.objectContaining({ code: "EXTENT_INVALID" }));
  });

  it("makes zeros", () => {
    expect(zerosArray("int32", [2, 2])).toEqual({ dtype: "int32", shape: [2, 2], data: new Int32Array(4) });
    expect(zerosArray("bool", []).data).toEqual(new Uint8Array(1));
  });
});

describe("takeRows", () => {
  const array = ndarray("int32", [3, 2], [0, 1, 10, 11, 20, 21]);

  it("takes rows in any order, some twice", () => {
    expect(takeRows(array, [2, 0, 2])).toEqual(ndarray("int32", [3, 2], [20, 21, 0, 1, 20, 21]));
    expect(takeRows(array, [])).toEqual(ndarray("int32", [0, 2], []));
    expect(takeRows(ndarray("bool", [2], [1, 0]), [1])).toEqual(ndarray("bool", [1], [0]));
    expect(takeRows(ndarray("float32", [2, 0, 3], []), [1, 1]).shape).toEqual([2, 0, 3]);
  });

  it("copies", () => {
    takeRows(array, [0]).data[0] = 99;
    expect(array.data[0]).toBe(0);
  });

  it.each([3, -1, 0.5, Number.NaN])("refuses row %s", (row) => {
    expect(() => takeRows(array, [row])).toThrow(expect.objectContaining({ code: "INDEX_OUT_OF_RANGE" }));
  });
});
