import { mean, sub, type Tensor } from "@semblance/core";

/**
 * Rows shifted so that their mean is about 0: [n, d] → [n, d]. For kernels and statistics that do not see a shift of all rows;
 * small rows keep the digits that a large common offset would take from inner products.
 */
export function centre(x: Tensor): Tensor {
  return sub(x, mean(x, { axes: [0], keepDims: true }));
}

/** Two sets of rows shifted by one vector, the mean of the first. */
export function centreBoth(x: Tensor, y: Tensor): [Tensor, Tensor] {
  const origin = mean(x, { axes: [0], keepDims: true });
  const centred = sub(x, origin);
  return [centred, y === x ? centred : sub(y, origin)];
}
