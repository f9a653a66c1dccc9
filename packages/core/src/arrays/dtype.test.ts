import { describe, expect, it } from "vitest";
import { allocate, convert, DTYPES, dtypeOf, holds, isFloat } from "./dtype.js";

describe("element types", () => {
  it.each(DTYPES)("%s is stored in a typed array of its own", (dtype) => {
    const data = allocate(dtype, 3);
    expect(Array.from(data)).toEqual([0, 0, 0]);
    expect(dtypeOf(data)).toBe(dtype);
    expect(DTYPES.filter((other) => holds(other, data))).toEqual([dtype]);
  });

  it("tells floats from the rest", () => {
    expect(DTYPES.filter(isFloat)).toEqual(["float32", "float64"]);
  });

  it("knows no other arrays", () => {
    for (const other of [[1], new Int8Array(1), new Uint8ClampedArray(1), new ArrayBuffer(1), null, undefined, 3]) {
      expect(dtypeOf(other)).toBeUndefined();
    }
  });

  it("converts numbers", () => {
    expect(Array.from(convert("float32", [0.1]))).toEqual([Math.fround(0.1)]);
    expect(Array.from(convert("int32", [-1.9, 1.9]))).toEqual([-1, 1]);
    // 256 and 0.5 are 0 when truncated to a byte; NaN is not zero.
    expect(Array.from(convert("bool", [0, -0, 256, 0.5, -3, Number.NaN]))).toEqual([0, 0, 1, 1, 1, 1]);
  });

  it("copies", () => {
    const source = Float32Array.of(1, 2);
    convert("float32", source)[0] = 9;
    expect(source[0]).toBe(1);
  });
});
