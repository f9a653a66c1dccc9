import { allocate } from "../../arrays/dtype.js";
import { type NdArray, type Shape, sizeOf, stridesOf } from "../../arrays/nd-array.js";
import type { TensorSpec } from "../../ir/tensor.js";

type Kernel = (inputs: readonly NdArray[], attributes: unknown, to: TensorSpec) => NdArray;

/** Strides with which an array of `shape` is read along the axes of `to`: 0 where it is repeated. */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const strides = stridesOf(shape);
  const offset = to.length - shape.length;
  return to.map((_, axis) => (axis < offset || shape[axis - offset] === 1 ? 0 : strides[axis - offset]!));
}

/** Calls `visit` with the flat index of each element of `to` and the flat indices that the strides lead to. */
export function forEachIndex(
  to: Shape,
  strides: readonly number[][],
  visit: (index: number, at: readonly number[]) => void,
): void {
  const size = sizeOf(to);
  const counter = to.map(() => 0);
  const at = strides.map(() => 0);
  for (let index = 0; index < size; index++) {
    visit(index, at);
    for (let axis = to.length - 1; axis >= 0; axis--) {
      counter[axis]!++;
      for (let i = 0; i < at.length; i++) at[i]! += strides[i]![axis]!;
      if (counter[axis]! < to[axis]!) break;
      for (let i = 0; i < at.length; i++) at[i]! -= strides[i]![axis]! * to[axis]!;
      counter[axis] = 0;
    }
  }
}

/** A kernel that applies f to each element. */
export function unary(f: (x: number) => number): Kernel {
  return ([x], _, to) => {
    const out = allocate(to.dtype, sizeOf(to.shape));
    for (let i = 0; i < out.length; i++) out[i] = f(x!.data[i]!);
    return { ...to, data: out };
  };
}

/** A kernel that applies f to broadcast elements; true becomes 1. */
export function broadcast(f: (...values: number[]) => number | boolean): Kernel {
  return (inputs, _, to) => {
    const out = allocate(to.dtype, sizeOf(to.shape));
    const values = inputs.map(() => 0);
    forEachIndex(
      to.shape,
      inputs.map((input) => broadcastStrides(input.shape, to.shape)),
      (index, at) => {
        for (let i = 0; i < values.length; i++) values[i] = inputs[i]!.data[at[i]!]!;
        out[index] = Number(f(...values));
      },
    );
    return { ...to, data: out };
  };
}

/**
 * The error function to double precision: for small |x| the series 2x/√π·e^(−x²)·Σ (2x²)ⁿ/(1·3·…·(2n + 1)), whose terms are all of one
 * sign (the Taylor series cancels), and for the tail a continued fraction.
 *
 * Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return (total * 2 * Math.exp(-x * x)) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * (size + fraction)));
}

/** IEEE 754 power. JavaScript's differs from it, and from ONNX's, in making 1 to the power of NaN or infinity NaN. */
export function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY)) return 1;
  return a ** b;
}

/** Nearest whole number, halves to the even one. */
export function roundHalfEven(x: number): number {
  const lower = Math.floor(x);
  const rest = x - lower;
  if (rest !== 0.5) return rest < 0.5 ? lower : lower + 1;
  return lower % 2 === 0 ? lower : lower + 1;
}
