import { div, expand, maximum, mul, type PointSets, reshape, scalar, sum, type Tensor } from "@semblance/core";

/** What each point counts for its set [n, s]: the same for all that belong, 0 for those that fill up. */
export function pointWeights({ points, mask }: PointSets): Tensor {
  const [sets, size] = [points.shape[0]!, points.shape[1]!];
  if (!mask) return expand(scalar(1 / size, points.dtype), [sets, size]);
  return div(mask, maximum(sum(mask, { axes: [1], keepDims: true }), 1));
}

/** The mean of the points of each set: [n, s, d] → [n, d]. A set without points has mean 0. */
export function setMeans(sets: PointSets): Tensor {
  const { points } = sets;
  const weights = pointWeights(sets);
  return sum(mul(points, reshape(weights, [...weights.shape, 1])), { axes: [1] });
}
