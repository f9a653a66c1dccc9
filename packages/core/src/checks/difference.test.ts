import { describe, expect, it } from "vitest";
import { ndarray } from "../arrays/nd-array.js";
import { differenceOf } from "./difference.js";

const f64 = (...elements: number[]) => ndarray("float64", [elements.length], elements);
const f32 = (...elements: number[]) => ndarray("float32", [elements.length], elements);

describe("differenceOf", () => {
  it("finds nothing where nothing is", () => {
    expect(differenceOf(f64(1, 1000), f64(1 + 1e-9, 1000 + 1e-6), { tolerance: 1e-8 })).toBeUndefined();
    expect(differenceOf(f64(), f64(), { tolerance: 0 })).toBeUndefined();
    expect(differenceOf(f64(-0), f64(0), { tolerance: 0 })).toBeUndefined();
  });

  it("names the worst element", () => {
    expect(differenceOf(f64(1, 2.5, 3.1), f64(1, 2, 3), { tolerance: 1e-3 })).toMatchInlineSnapshot(
      `"element 1 of float64[3] is 2.5, expected 2: off by 2.50e-1, tolerated 0.001 (2 of 3 elements)"`,
    );
  });

  it("compares shapes and lengths first", () => {
    expect(differenceOf(f64(1, 2), ndarray("float64", [2, 1], [1, 2]), { tolerance: 9 })).toMatchInlineSnapshot(
      `"has shape [2], expected [2, 1]"`,
    );
    expect(differenceOf({ ...f64(1, 2), data: Float64Array.of(1) }, f64(1, 2), { tolerance: 9 })).toMatchInlineSnapshot(
      `"holds 1 of 2 elements"`,
    );
  });

  it("takes small numbers for 0 unless told to be relative", () => {
    expect(differenceOf(f64(0), f64(1e-30), { tolerance: 1e-9 })).toBeUndefined();
    expect(differenceOf(f64(0), f64(1e-30), { tolerance: 1e-9, relative: true })).toContain("off by 1.00e+0");
    expect(differenceOf(f64(1e-30), f64(0), { tolerance: 1e-9, relative: true })).toBeDefined();
  });

  it("wants NaN and infinities where they belong and nowhere else", () => {
    const nan = Number.NaN;
    expect(
      differenceOf(f64(nan, Infinity, -Infinity), f64(nan, Infinity, -Infinity), { tolerance: 0 }),
    ).toBeUndefined();
    for (const [got, expected] of [
      [nan, 0],
      [0, nan],
      [Infinity, 1e300],
      [1e300, Infinity],
      [Infinity, -Infinity],
      [nan, Infinity],
    ]) {
      expect(differenceOf(f64(got!), f64(expected!), { tolerance: 1e9 }), `${got} for ${expected}`).toBeDefined();
    }
  });

  it("expects of float32 an infinity where the number does not fit", () => {
    expect(differenceOf(f32(Infinity), f64(1e39), { tolerance: 1e-6 })).toBeUndefined();
    expect(differenceOf(f32(3e38), f64(1e39), { tolerance: 1e-6 })).toBeDefined();
    expect(differenceOf(f32(0.1), f64(0.1), { tolerance: 0 })).toBeUndefined();
  });
});
