import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { div } from "../ops/div.js";
import { mul } from "../ops/mul.js";
import { sqrt } from "../ops/sqrt.js";
import { sub } from "../ops/sub.js";
import { mean } from "./mean.js";
import { square } from "./square.js";

/**
 * Layer normalisation along the last axis, scale·(x − μ)/√(σ² + ε) + offset with μ and σ² of each vector.
 *
 * Source: Ba, Kiros, Hinton, "Layer Normalization", 2016, equation 3.
 */
export function layerNormalisation(
  x: Tensor,
  parameters: { readonly scale: Tensor; readonly offset: Tensor },
  epsilon = 1e-5,
): Tensor {
  const centred = sub(x, mean(x, { axes: [-1], keepDims: true }));
  const deviation = sqrt(add(mean(square(centred), { axes: [-1], keepDims: true }), epsilon));
  return add(mul(div(centred, deviation), parameters.scale), parameters.offset);
}
