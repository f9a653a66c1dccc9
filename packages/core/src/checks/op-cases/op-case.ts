import type { DType } from "../../arrays/dtype.js";
import { type NdArray, ndarray, type Shape, sizeOf } from "../../arrays/nd-array.js";
import type { Tensor } from "../../ir/tensor.js";
import { Key } from "../../random/key.js";
import type { Draw } from "./draw.js";

/** One input of a case. `T` stands for the element type that the case is run with. */
export interface CaseInput {
  readonly dtype: DType | "T";
  readonly shape: Shape;
  readonly draw: Draw;
}

/** How far a result may be from the reference: |got − expected| / max(1, |expected|), or relative to |expected| alone. */
export interface Tolerance {
  readonly float32: number;
  readonly float64: number;
}

export interface OpCase {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  /** Applies the primitive; several results are several outputs of one program. `dtype` is what `T` stands for. */
  build(inputs: readonly Tensor[], dtype: DType): Tensor | readonly Tensor[];
  /** What `T` stands for, one run each. */
  readonly dtypes: readonly DType[];
  /** Positions of the inputs with respect to which every result is smooth at the drawn values. */
  readonly differentiable: readonly number[];
  readonly tolerance: Tolerance;
  /** Whether errors are divided by |expected| itself, so that a small number lost to 0 is noticed. */
  readonly relative: boolean;
  /** Millions of elements: run once per backend, not per derivative. */
  readonly large: boolean;
  /** Running the case must be refused with an error of Semblance's (bad numbers are met only when the program runs). */
  readonly refused: boolean;
}

/** A few roundings of each type: 1 ulp is 1.2e−7 and 2.2e−16, and library functions are good to two or three. */
export const ROUNDED: Tolerance = { float32: 2e-6, float64: 1e-13 };
/** Sums of some dozen products, in whatever order a backend adds them. */
export const SUMMED: Tolerance = { float32: 1e-5, float64: 1e-12 };
/** Nothing is computed, or the result is a whole number or a truth value. */
export const EXACT: Tolerance = { float32: 0, float64: 0 };

const FLOATS: readonly DType[] = ["float32", "float64"];

type Tensors<Inputs extends readonly CaseInput[]> = { -readonly [At in keyof Inputs]: Tensor };
type Options = Partial<Omit<OpCase, "name" | "inputs" | "build">>;

/** A case; unless said otherwise it is run with both float types, compared to a few roundings, and not differentiated. */
export function opCase<const Inputs extends readonly CaseInput[]>(
  name: string,
  inputs: Inputs,
  build: (...tensors: Tensors<Inputs>) => Tensor | readonly Tensor[],
  options: Options = {},
): OpCase {
  return {
    name,
    inputs,
    build: (tensors) => build(...(tensors as unknown as Tensors<Inputs>)),
    dtypes: FLOATS,
    differentiable: [],
    tolerance: ROUNDED,
    relative: false,
    large: false,
    refused: false,
    ...options,
  };
}

/** The arrays of a case for one element type. The same case draws the same numbers in every run, on every machine. */
export function drawInputs(opName: string, { name, inputs }: OpCase, dtype: DType): NdArray[] {
  const key = Key.fromSeed(20_260_101).fold(opName).fold(name);
  return inputs.map((input, position) =>
    ndarray(
      input.dtype === "T" ? dtype : input.dtype,
      input.shape,
      input.draw(key.fold(position), sizeOf(input.shape)),
    ),
  );
}
