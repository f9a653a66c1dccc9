import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { div } from "../ops/div.js";
import { mul } from "../ops/mul.js";
import { reshape } from "../ops/reshape.js";
import { sqrt } from "../ops/sqrt.js";
import { stopGradient } from "../ops/stop-gradient.js";
import { sub } from "../ops/sub.js";
import { mean } from "./mean.js";
import { square } from "./square.js";

export interface BatchNormalisationState {
  /** Running mean and variance of each channel, [C]. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Batch normalisation over every axis but the second of x [N, C, …s].
 *
 *     y = scale·(x − μ)/√(σ² + ε) + offset
 *
 * In training μ and σ² are the batch's (biased) and differentiated through, and the running statistics move towards the batch's
 * mean and unbiased variance by `momentum`. Otherwise the running statistics are used and returned unchanged.
 *
 * Source: Ioffe & Szegedy, "Batch Normalization", ICML 2015, Algorithms 1 and 2.
 */
export function batchNormalisation(
  x: Tensor,
  parameters: { readonly scale: Tensor; readonly offset: Tensor },
  running: BatchNormalisationState,
  options: { readonly training: boolean; readonly momentum?: number; readonly epsilon?: number },
): { y: Tensor; running: BatchNormalisationState } {
  const { training, momentum = 0.1, epsilon = 1e-5 } = options;
  const channel = (values: Tensor) =>
    reshape(
      values,
      x.shape.map((extent, axis) => (axis === 1 ? extent : 1)),
    );
  const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const mu = training ? mean(x, { axes }) : running.mean;
  const centred = sub(x, channel(mu));
  const variance = training ? mean(square(centred), { axes }) : running.variance;
  const scale = div(parameters.scale, sqrt(add(variance, epsilon)));
  const y = add(mul(centred, channel(scale)), channel(parameters.offset));
  if (!training) return { y, running };
  const count = x.size / x.shape[1]!;
  const blend = (held: Tensor, batch: Tensor) => add(mul(held, 1 - momentum), mul(stopGradient(batch), momentum));
  return {
    y,
    running: {
      mean: blend(running.mean, mu),
      variance: blend(running.variance, mul(variance, count > 1 ? count / (count - 1) : 1)),
    },
  };
}
