import {
  add,
  type ConvolutionOptions,
  conv,
  type Key,
  ndarray,
  type ParameterArrays,
  type ParameterTensors,
  reshape,
  type Tensor,
} from "@semblance/core";
import { parameterOf } from "./dense.js";

export interface ConvolutionShape {
  readonly inputs: number;
  readonly outputs: number;
  /** The side of the square filter. */
  readonly side: number;
}

/**
 * Initial weights of a convolution with a bias, `NAME.weight` [outputs, inputs, side, side] and `NAME.bias` [outputs].
 *
 *     weight, bias ~ U(−1/√f, 1/√f),   f = inputs·side²
 *
 * Source   PyTorch, torch.nn.Conv2d, the default initialisation
 */
export function initConvolution(key: Key, name: string, { inputs, outputs, side }: ConvolutionShape): ParameterArrays {
  const fanIn = inputs * side ** 2;
  const bound = 1 / Math.sqrt(fanIn);
  const draw = (part: string, shape: readonly number[], length: number) =>
    ndarray("float64", shape, key.fold(`${name}.${part}`).uniform(length, -bound, bound));
  return {
    [`${name}.weight`]: draw("weight", [outputs, inputs, side, side], outputs * fanIn),
    [`${name}.bias`]: draw("bias", [outputs], outputs),
  };
}

/**
 * Initial weights of a convolution before a rectifier, without a bias: `NAME.weight` [outputs, inputs, side, side].
 *
 *     weight ~ N(0, 2/f),   f = outputs·side²
 *
 * Source   He et al., Delving Deep into Rectifiers, ICCV 2015, equation 14 (variance kept in the backward pass)
 */
export function initRectifiedConvolution(
  key: Key,
  name: string,
  { inputs, outputs, side }: ConvolutionShape,
): ParameterArrays {
  const scale = Math.sqrt(2 / (outputs * side ** 2));
  const drawn = key.fold(`${name}.weight`).normal(outputs * inputs * side ** 2);
  const weight = drawn.map((value) => value * scale);
  return { [`${name}.weight`]: ndarray("float64", [outputs, inputs, side, side], weight) };
}

/** A convolution, with its bias where it has one: [n, inputs, h, w] → [n, outputs, h′, w′]. @throws CheckpointError PARAMETER_MISSING */
export function convolution(
  parameters: ParameterTensors,
  name: string,
  x: Tensor,
  options: ConvolutionOptions = {},
): Tensor {
  const y = conv(x, parameterOf(parameters, `${name}.weight`), options);
  const bias = parameters[`${name}.bias`];
  return bias ? add(y, reshape(bias, [1, bias.size, 1, 1])) : y;
}
