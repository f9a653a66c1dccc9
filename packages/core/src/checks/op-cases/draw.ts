import type { Shape } from "../../arrays/nd-array.js";
import type { Key } from "../../random/key.js";
import type { CaseInput } from "./op-case.js";

/** The values of an input, `size` of them. */
export type Draw = (key: Key, size: number) => ArrayLike<number>;

const float = (shape: Shape, draw: Draw): CaseInput => ({ dtype: "T", shape, draw });

/** Standard normal numbers. */
export const normal = (...shape: number[]): CaseInput => float(shape, (key, size) => key.normal(size));

/** Uniform on [low, high). */
export const uniform = (low: number, high: number, ...shape: number[]): CaseInput =>
  float(shape, (key, size) => key.uniform(size, low, high));

/** ±[0.3, 2]: nowhere near a kink or a pole at 0. */
export const awayFromZero = (...shape: number[]): CaseInput =>
  float(shape, (key, size) => {
    const signs = key.fold("sign").uniform(size);
    return key.uniform(size, 0.3, 2).map((value, index) => (signs[index]! < 0.5 ? -value : value));
  });

/** Distinct numbers at least 0.1 apart, positive and negative, in a drawn order: no ties, and no whole or half numbers. */
export const distinct = (...shape: number[]): CaseInput =>
  float(shape, (key, size) => Array.from(key.permutation(size), (rank) => (rank - size / 2) * 0.23 + 0.083));

/** Exactly these values. */
export const values = (shape: Shape, elements: readonly number[]): CaseInput => float(shape, () => elements);

/** The same, of a fixed type. */
export const typed = (dtype: CaseInput["dtype"], shape: Shape, elements: readonly number[]): CaseInput => ({
  dtype,
  shape,
  draw: () => elements,
});

/** Whole numbers from low to high − 1 as `T`, so ties are frequent. */
export const whole = (low: number, high: number, ...shape: number[]): CaseInput =>
  float(shape, (key, size) => key.uniform(size, low, high).map(Math.floor));

/** Indices (int32) from 0 to extent − 1, repeated and in no order. */
export const indices = (extent: number, ...shape: number[]): CaseInput => ({
  dtype: "int32",
  shape,
  draw: (key, size) => key.uniform(size, 0, extent).map(Math.floor),
});

/** Booleans, true half of the time. */
export const truths = (...shape: number[]): CaseInput => ({
  dtype: "bool",
  shape,
  draw: (key, size) => key.uniform(size).map((value) => (value < 0.5 ? 1 : 0)),
});

/** Values by a formula of the element's index: for arrays too large to draw. */
export const formula = (shape: Shape, value: (index: number) => number): CaseInput =>
  float(shape, (_, size) => Float64Array.from({ length: size }, (_unused, index) => value(index)));
