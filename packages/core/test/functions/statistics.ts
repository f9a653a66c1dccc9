import { awayFromZero, normal, uniform, values } from "../../src/checks/op-cases/draw.js";
import { batchNormalisation } from "../../src/functions/batch-normalisation.js";
import { euclideanNorm } from "../../src/functions/euclidean-norm.js";
import { layerNormalisation } from "../../src/functions/layer-normalisation.js";
import { mean } from "../../src/functions/mean.js";
import { normalise } from "../../src/functions/normalise.js";
import { rootOrZero } from "../../src/functions/root-or-zero.js";
import { variance } from "../../src/functions/variance.js";
import { functionCase } from "./function-case.js";

function moments(elements: readonly number[]): { mean: number; variance: number } {
  let sum = 0;
  for (const element of elements) sum += element;
  const middle = sum / elements.length;
  let squares = 0;
  for (const element of elements) squares += (element - middle) ** 2;
  return { mean: middle, variance: squares / elements.length };
}

/** The elements of x [N, C, S] that belong to a channel. */
const channelOf = (x: ArrayLike<number>, channel: number, channels: number, spatial: number) =>
  Array.from(x).filter((_, at) => Math.floor(at / spatial) % channels === channel);

const rowsOf = (x: ArrayLike<number>, width: number) =>
  Array.from({ length: x.length / width }, (_, row) => Array.from(x).slice(row * width, (row + 1) * width));

export const statisticsCases = {
  "batch-normalisation": [
    functionCase(
      "in training, of images",
      [normal(3, 2, 2, 2), uniform(0.5, 2, 2), normal(2), normal(2), uniform(0.5, 2, 2)],
      (x, scale, offset, heldMean, heldVariance) => {
        const { y, running } = batchNormalisation(
          x,
          { scale, offset },
          { mean: heldMean, variance: heldVariance },
          { training: true, momentum: 0.3, epsilon: 1e-3 },
        );
        return [y, running.mean, running.variance];
      },
      (x, scale, offset, heldMean, heldVariance) => {
        const channels = [0, 1].map((channel) => moments(channelOf(x, channel, 2, 4)));
        const y = Array.from(x, (element, at) => {
          const channel = Math.floor(at / 4) % 2;
          const { mean, variance } = channels[channel]!;
          return ((element - mean) / Math.sqrt(variance + 1e-3)) * scale[channel]! + offset[channel]!;
        });
        // Twelve elements to a channel: the running variance takes the unbiased one.
        const means = channels.map(({ mean }, channel) => 0.7 * heldMean[channel]! + 0.3 * mean);
        const variances = channels.map(
          ({ variance }, channel) => 0.7 * heldVariance[channel]! + (0.3 * variance * 12) / 11,
        );
        return [y, means, variances];
      },
      // The running statistics are held constant, so finite differences by x would not see what they are told.
      { differentiable: [1, 2, 3, 4] },
    ),
    functionCase(
      "in training, differentiated by its input",
      [normal(5, 2), uniform(0.5, 2, 2), normal(2)],
      (x, scale, offset) =>
        batchNormalisation(x, { scale, offset }, { mean: offset, variance: scale }, { training: true }).y,
      (x, scale, offset) =>
        Array.from(x, (element, at) => {
          const { mean, variance } = moments(channelOf(x, at % 2, 2, 1));
          return ((element - mean) / Math.sqrt(variance + 1e-5)) * scale[at % 2]! + offset[at % 2]!;
        }),
    ),
    functionCase(
      "afterwards, by the running statistics",
      [normal(2, 2, 3), uniform(0.5, 2, 2), normal(2), normal(2), uniform(0.5, 2, 2)],
      (x, scale, offset, heldMean, heldVariance) => {
        const held = { mean: heldMean, variance: heldVariance };
        const { y, running } = batchNormalisation(x, { scale, offset }, held, { training: false });
        return [y, running.mean, running.variance];
      },
      (x, scale, offset, heldMean, heldVariance) => [
        Array.from(x, (element, at) => {
          const c = Math.floor(at / 3) % 2;
          return ((element - heldMean[c]!) / Math.sqrt(heldVariance[c]! + 1e-5)) * scale[c]! + offset[c]!;
        }),
        heldMean,
        heldVariance,
      ],
    ),
  ],
  "layer-normalisation": [
    functionCase(
      "of vectors",
      [normal(3, 4), uniform(0.5, 2, 4), normal(4)],
      (x, scale, offset) => layerNormalisation(x, { scale, offset }, 1e-3),
      (x, scale, offset) =>
        rowsOf(x, 4).flatMap((row) => {
          const { mean, variance } = moments(row);
          return row.map((element, at) => ((element - mean) / Math.sqrt(variance + 1e-3)) * scale[at]! + offset[at]!);
        }),
    ),
  ],
  mean: [
    functionCase(
      "of everything",
      [normal(2, 3)],
      (x) => mean(x),
      (x) => [moments(Array.from(x)).mean],
    ),
    functionCase(
      "over an axis, kept",
      [normal(2, 3)],
      (x) => mean(x, { axes: [1], keepDims: true }),
      (x) => rowsOf(x, 3).map((row) => moments(row).mean),
    ),
  ],
  variance: [
    functionCase(
      "of everything",
      [normal(2, 3)],
      (x) => variance(x),
      (x) => [moments(Array.from(x)).variance],
    ),
    functionCase(
      "over an axis",
      [normal(2, 3)],
      (x) => variance(x, { axes: [1] }),
      (x) => rowsOf(x, 3).map((row) => moments(row).variance),
    ),
    functionCase(
      "far from 0, where E[x²] − E[x]² cancels",
      [values([4], [1e8, 1e8 + 1, 1e8 + 2, 1e8 + 3])],
      (x) => variance(x),
      () => [1.25],
      {
        differentiable: [],
      },
    ),
  ],
  "root-or-zero": [
    functionCase("of positive numbers", [uniform(0.2, 3, 4)], rootOrZero, (x) => Array.from(x, Math.sqrt)),
    functionCase("at and below 0", [values([4], [0, -0, -1e-9, -4])], rootOrZero, () => [0, 0, 0, 0], {
      differentiable: [],
    }),
  ],
  "euclidean-norm": [
    functionCase(
      "of everything",
      [normal(2, 3)],
      (x) => euclideanNorm(x),
      (x) => [Math.hypot(...Array.from(x))],
    ),
    functionCase(
      "over an axis, kept",
      [normal(2, 3)],
      (x) => euclideanNorm(x, { axes: [1], keepDims: true }),
      (x) => rowsOf(x, 3).map((row) => Math.hypot(...row)),
    ),
  ],
  normalise: [
    functionCase("of vectors", [awayFromZero(3, 4)], normalise, (x) =>
      rowsOf(x, 4).flatMap((row) => row.map((element) => element / Math.hypot(...row))),
    ),
    functionCase("of a zero vector", [values([2, 2], [0, 0, 3, 4])], normalise, () => [0, 0, 0.6, 0.8], {
      differentiable: [],
    }),
  ],
} as const;
