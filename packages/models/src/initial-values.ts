import { type Key, ndarray, type ParameterArrays } from "@semblance/core";
import { type ConvolutionShape, initConvolution } from "./convolution.js";
import { type DenseShape, initDense } from "./dense.js";

/** Ways of drawing initial weights. */
export const INITIAL = ["fan-in", "truncated-normal"] as const;
export type Initial = (typeof INITIAL)[number];

const WEIGHT_DEVIATION = 0.03;
const BIAS_DEVIATION = 0.01;
/** In deviations: what lies farther out is drawn anew. */
const CUT = 2;

/** `length` normal numbers of this deviation, none farther from 0 than twice of it. */
export function truncatedNormal(key: Key, length: number, deviation: number): Float64Array {
  const stream = key.stream();
  return Float64Array.from({ length }, () => {
    let value = stream.normal();
    while (Math.abs(value) > CUT) value = stream.normal();
    return deviation * value;
  });
}

/** Every array of `drawn`, of the same shape, with truncated normal numbers: 0.03 wide in weights and 0.01 in biases. */
function redrawn(key: Key, drawn: ParameterArrays): ParameterArrays {
  return Object.fromEntries(
    Object.entries(drawn).map(([name, { shape, data }]) => {
      const deviation = name.endsWith(".bias") ? BIAS_DEVIATION : WEIGHT_DEVIATION;
      return [name, ndarray("float64", shape, truncatedNormal(key.fold(name), data.length, deviation))];
    }),
  );
}

/** Weights of a convolution, with a bias where it has one. */
export function drawConvolution(
  key: Key,
  name: string,
  { bias, initial, ...shape }: ConvolutionShape & { readonly bias: boolean; readonly initial: Initial },
): ParameterArrays {
  const drawn = initConvolution(key, name, shape);
  const all = initial === "fan-in" ? drawn : redrawn(key, drawn);
  return bias ? all : { [`${name}.weight`]: all[`${name}.weight`]! };
}

/** Weights of a fully connected layer. */
export function drawDense(
  key: Key,
  name: string,
  { initial, ...shape }: DenseShape & { readonly initial: Initial },
): ParameterArrays {
  const drawn = initDense(key, name, shape);
  return initial === "fan-in" ? drawn : redrawn(key, drawn);
}
