import { describe, expect, it } from "vitest";
import { type NdArray, ndarray, sizeOf } from "../arrays/nd-array.js";
import { runFunction } from "../checks/run-function.js";
import type { ConvolutionOptions } from "../ir/convolution.js";
import { gradients } from "../ir/grad.js";
import type { Tensor } from "../ir/tensor.js";
import { argMax } from "../ops/arg-max.js";
import { argTopK } from "../ops/arg-top-k.js";
import { averagePool } from "../ops/average-pool.js";
import { cast } from "../ops/cast.js";
import { concat } from "../ops/concat.js";
import { conv } from "../ops/conv.js";
import { convTranspose } from "../ops/conv-transpose.js";
import { cumulativeSum } from "../ops/cumulative-sum.js";
import { equal } from "../ops/equal.js";
import { gather, gatherDistinct } from "../ops/gather.js";
import { gatherElements } from "../ops/gather-elements.js";
import { isNaN } from "../ops/is-nan.js";
import { matmul } from "../ops/matmul.js";
import { max } from "../ops/max.js";
import { maxPool } from "../ops/max-pool.js";
import { maximum } from "../ops/maximum.js";
import { min } from "../ops/min.js";
import { pad } from "../ops/pad.js";
import { relu } from "../ops/relu.js";
import { round } from "../ops/round.js";
import { scatterElements } from "../ops/scatter-elements.js";
import { sigmoid } from "../ops/sigmoid.js";
import { sign } from "../ops/sign.js";
import { slice } from "../ops/slice.js";
import { sum } from "../ops/sum.js";
import { transpose } from "../ops/transpose.js";
import { where } from "../ops/where.js";
import { Key } from "../random/key.js";
import { referenceBackend } from "./reference-backend.js";

// The judge is judged by numbers worked out by hand, and by loops of another kind than its own.

const f64 = (shape: readonly number[], elements: ArrayLike<number>) => ndarray("float64", shape, elements);
const drawn = (...shape: number[]) => f64(shape, Key.fromSeed(11).fold(shape.join()).normal(sizeOf(shape)));
const elements = async (...call: Parameters<typeof runFunction>) => Array.from((await runFunction(...call))[0]!.data);

/** Element of an array by coordinates; 0 outside. */
function at({ shape, data }: NdArray, ...coordinates: number[]): number {
  let index = 0;
  for (const [axis, extent] of shape.entries()) {
    const coordinate = coordinates[axis]!;
    if (coordinate < 0 || coordinate >= extent) return 0;
    index = index * extent + coordinate;
  }
  return data[index]!;
}

const near = (got: readonly number[], expected: readonly number[]) => {
  expect(got.length).toBe(expected.length);
  got.forEach((element, index) => expect(Math.abs(element - expected[index]!)).toBeLessThan(1e-12));
};

describe("convolution", () => {
  /** Straight from the definition in two dimensions, reading zeros outside. */
  function byDefinition(
    x: NdArray,
    w: NdArray,
    places: readonly [number, number],
    options: Required<Pick<ConvolutionOptions, "groups">> & {
      strides: number[];
      dilations: number[];
      before: number[];
    },
  ) {
    const [channels, filters] = [w.shape[1]!, w.shape[0]!];
    const out: number[] = [];
    for (let n = 0; n < x.shape[0]!; n++)
      for (let o = 0; o < filters; o++)
        for (let i = 0; i < places[0]; i++)
          for (let j = 0; j < places[1]; j++) {
            let total = 0;
            const group = Math.floor(o / (filters / options.groups));
            for (let c = 0; c < channels; c++)
              for (let p = 0; p < w.shape[2]!; p++)
                for (let q = 0; q < w.shape[3]!; q++)
                  total +=
                    at(w, o, c, p, q) *
                    at(
                      x,
                      n,
                      group * channels + c,
                      i * options.strides[0]! + p * options.dilations[0]! - options.before[0]!,
                      j * options.strides[1]! + q * options.dilations[1]! - options.before[1]!,
                    );
            out.push(total);
          }
    return out;
  }

  it("is its definition, with everything at once", async () => {
    const [x, w] = [drawn(2, 4, 7, 6), drawn(6, 2, 3, 2)];
    const options = { strides: [2, 1], dilations: [1, 3], groups: 2 };
    const got = await elements(
      (a, b) => conv(a, b, { ...options, padding: { before: [1, 0], after: [2, 3] } }),
      [x, w],
    );
    // ⌊(7 + 3 − 2 − 1)/2⌋ + 1 = 4 and (6 + 3 − 3 − 1) + 1 = 6 places.
    near(got, byDefinition(x, w, [4, 6], { ...options, before: [1, 0] }));
  });

  it("of an impulse is the filter turned around, and does not turn the filter itself", async () => {
    const impulse = f64([1, 1, 5], [0, 0, 1, 0, 0]);
    expect(await elements((x, w) => conv(x, w), [impulse, f64([1, 1, 3], [1, 2, 3])])).toEqual([3, 2, 1]);
  });

  it("transposed puts the filter at every element", async () => {
    const f = (x: Tensor, w: Tensor) => convTranspose(x, w, { strides: 2 });
    expect(await elements(f, [f64([1, 1, 2], [1, 10]), f64([1, 1, 3], [1, 2, 3])])).toEqual([1, 2, 13, 20, 30]);
  });
});

describe("pooling", () => {
  const x = f64([1, 1, 5], [-5, -1, -4, -2, -3]);
  it("leaves padding out of maxima and means", async () => {
    const options = { kernel: 3, strides: 2, padding: 1 };
    expect(await elements((a) => maxPool(a, options), [x])).toEqual([-1, -1, -2]);
    expect(await elements((a) => averagePool(a, options), [x])).toEqual([-3, -7 / 3, -2.5]);
  });

  it("keeps what is no number", async () => {
    const broken = f64([1, 1, 4], [1, Number.NaN, 3, 4]);
    expect(await elements((a) => maxPool(a, { kernel: 2 }), [broken])).toEqual([Number.NaN, 4]);
  });
});

describe("matmul", () => {
  it("is its definition over broadcast batches", async () => {
    const [a, b] = [drawn(2, 1, 3, 4), drawn(3, 4, 2)];
    const expected: number[] = [];
    for (let s = 0; s < 2; s++)
      for (let t = 0; t < 3; t++)
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 2; j++) {
            let total = 0;
            for (let k = 0; k < 4; k++) total += at(a, s, 0, i, k) * at(b, t, k, j);
            expected.push(total);
          }
    near(await elements(matmul, [a, b]), expected);
  });
});

describe("reductions", () => {
  const x = f64([2, 3], [1, 5, 2, -7, 0, -7]);
  it("fold the axes named", async () => {
    expect(await elements((a) => sum(a, { axes: [0] }), [x])).toEqual([-6, 5, -5]);
    expect(await elements((a) => max(a, { axes: [1] }), [x])).toEqual([5, 0]);
    expect(await elements((a) => min(a, { axes: [1] }), [x])).toEqual([1, -7]);
    expect(await elements((a) => argMax(a, 1), [x])).toEqual([1, 1]);
    expect(await elements((a) => argTopK(a, { axis: 1, k: 2, largest: false }), [x])).toEqual([0, 2, 0, 2]);
    expect(await elements((a) => cumulativeSum(a, { axis: 1, exclusive: true, reverse: true }), [x])).toEqual([
      7, 2, 0, -7, -7, 0,
    ]);
  });

  it("keep what is no number", async () => {
    const broken = f64([2, 2], [1, Number.NaN, 2, 3]);
    expect(await elements((a) => max(a, { axes: [1] }), [broken])).toEqual([Number.NaN, 3]);
    expect(await elements((a) => sum(a), [broken])).toEqual([Number.NaN]);
  });

  it("add float32 numbers in float64", async () => {
    // In float32 the small ones would all be lost.
    const many = ndarray("float32", [10_001], [1e8, ...new Array<number>(10_000).fill(1)]);
    expect(await elements((a) => sum(a), [many])).toEqual([Math.fround(1e8 + 10_000)]);
  });
});

describe("elementwise", () => {
  it("selects, compares, rounds and squashes", async () => {
    const x = f64([5], [-1.5, -0, 0, 2.5, Number.NaN]);
    expect(await elements(sign, [x])).toEqual([-1, -0, 0, 1, Number.NaN]);
    expect(await elements(round, [x])).toEqual([-2, -0, 0, 2, Number.NaN]);
    expect((await elements(relu, [x])).map((element) => element + 0)).toEqual([0, 0, 0, 2.5, Number.NaN]);
    expect(await elements(isNaN, [x])).toEqual([0, 0, 0, 0, 1]);
    expect(await elements((a) => equal(a, 0), [x])).toEqual([0, 1, 1, 0, 0]);
    expect(await elements((a) => where(equal(a, 0), 7, a), [x])).toEqual([-1.5, 7, 7, 2.5, Number.NaN]);
    expect(await elements((a) => maximum(a, 1), [x])).toEqual([1, 1, 1, 2.5, Number.NaN]);
    expect(await elements((a) => cast(a, "int32"), [f64([3], [-1.9, 1.9, 0])])).toEqual([-1, 1, 0]);
    expect(await elements(sigmoid, [f64([3], [0, 1000, -1000])])).toEqual([0.5, 1, 0]);
  });

  it("stores every float32 result as float32", async () => {
    const x = ndarray("float32", [1], [0.1]);
    expect(await elements((a) => sum(a), [x])).toEqual([Math.fround(0.1)]);
    expect(await elements((a) => matmul(a, a), [ndarray("float32", [1, 1], [0.1])])).toEqual([
      Math.fround(Math.fround(0.1) ** 2),
    ]);
  });
});

describe("movement", () => {
  const x = f64([2, 3], [0, 1, 2, 10, 11, 12]);
  it("puts elements where they belong", async () => {
    expect(await elements((a) => transpose(a), [x])).toEqual([0, 10, 1, 11, 2, 12]);
    expect(await elements((a) => slice(a, { axis: 1, step: -2 }), [x])).toEqual([2, 0, 12, 10]);
    expect(await elements((a) => pad(a, { before: [0, 1], after: [1, 0], value: 9 }), [x])).toEqual([
      9, 0, 1, 2, 9, 10, 11, 12, 9, 9, 9, 9,
    ]);
    expect(await elements((a) => concat([a, a], 1), [x])).toEqual([0, 1, 2, 0, 1, 2, 10, 11, 12, 10, 11, 12]);
    const indices = ndarray("int32", [2, 2], [2, 0, 1, 1]);
    expect(await elements((a, i) => gather(a, i, 1), [x, indices])).toEqual([2, 0, 1, 1, 12, 10, 11, 11]);
    expect(await elements((a, i) => gatherElements(a, i, 1), [x, indices])).toEqual([2, 0, 11, 11]);
    expect(
      await elements((a, i) => scatterElements(a, i, { axis: 1, size: 3 }), [f64([2, 2], [1, 2, 3, 4]), indices]),
    ).toEqual([2, 0, 1, 0, 7, 0]);
  });

  it.each([-1, 3, 2 ** 30])("refuses the index %s in words", async (index) => {
    const call = runFunction((a, i) => gather(a, i, 1), [x, ndarray("int32", [1], [index])]);
    await expect(call).rejects.toMatchObject({
      code: "INDEX_OUT_OF_RANGE",
      message: `gather: index ${index} on an axis with 3 elements`,
      fix: "Indices are whole numbers from 0 to 2.",
    });
  });

  it("refuses an index that is there twice where none was to be", async () => {
    const slope = (a: Tensor, i: Tensor) => gradients(sum(gatherDistinct(a, i, 1)), [a])[0]!;
    expect(await elements(slope, [x, ndarray("int32", [2], [2, 0])])).toEqual([1, 0, 1, 1, 0, 1]);
    await expect(runFunction(slope, [x, ndarray("int32", [2], [1, 1])])).rejects.toMatchObject({
      code: "INDEX_TWICE",
      message: "scatterElements: index 1 is there twice among indices that were vouched to be distinct",
    });
  });
});

it("calls itself by its name and computes in float64", () => {
  expect(referenceBackend()).toMatchObject({ name: "reference", float: "float64" });
});
