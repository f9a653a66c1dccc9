import { ortBackend } from "@semblance/backend-ort";
import {
  add,
  averagePool,
  conv,
  gradients,
  Key,
  maxPool,
  mean,
  type NdArray,
  ndarray,
  sizeOf,
  square,
  sum,
} from "@semblance/core";
import { describe, expect, it } from "vitest";
import { expectLikeReference } from "./compare.js";

const backend = await ortBackend({ threads: 1 });
const SEED = 7;

/** Geometry drawn from a fixed seed: one to three axes, strides, dilations, uneven padding beyond the window, groups, many channels. */
function draw(round: number) {
  const stream = Key.fromSeed(SEED).fold(round);
  let drawn = 0;
  const below = (limit: number) => Math.floor(stream.fold(drawn++).uniform(1)[0]! * limit);
  const axes = 1 + below(3);
  const perAxis = (limit: number, least = 0) => Array.from({ length: axes }, () => least + below(limit));
  const dtype = below(3) === 0 ? "float64" : "float32";
  const groups = [1, 1, 1, 2, 3][below(5)]!;
  const channels = () => groups * (1 + below(3)) * (below(4) === 0 ? 8 : 1);
  const [into, from] = [channels(), channels()];
  const kernel = perAxis(3, 1);
  const options = {
    strides: perAxis(3, 1),
    dilations: perAxis(2, 1),
    groups,
    padding: { before: perAxis(4), after: perAxis(4) },
  };
  const spatial = kernel.map((extent, axis) => options.dilations[axis]! * (extent - 1) + 1 + below(5));
  const array = (shape: number[]): NdArray => ndarray(dtype, shape, stream.fold(`${shape}`).normal(sizeOf(shape)));
  const pool = {
    kernel,
    strides: options.strides,
    padding: { before: kernel.map((extent) => below(extent)), after: kernel.map((extent) => below(extent)) },
  };
  const x = array([1 + below(3), from, ...spatial]);
  return {
    x,
    w: array([into, from / groups, ...kernel]),
    options,
    pool,
    tolerance: dtype === "float32" ? 3e-5 : 1e-12,
  };
}

describe("windows of drawn geometry", () => {
  const rounds = Array.from({ length: 60 }, (_, round) => round);

  it("draws what it is meant to draw", () => {
    const drawn = rounds.map(draw);
    expect(new Set(drawn.map(({ x }) => x.shape.length))).toEqual(new Set([3, 4, 5]));
    expect(new Set(drawn.map(({ x }) => x.dtype))).toEqual(new Set(["float32", "float64"]));
    expect(drawn.some(({ options }) => options.groups > 1)).toBe(true);
    expect(drawn.some(({ x }) => x.shape[1]! >= 16)).toBe(true);
  });

  it.each(rounds)("convolves and differentiates twice, round %i", async (round) => {
    const { x, w, options, tolerance } = draw(round);
    await expectLikeReference(
      backend,
      [x, w],
      (input, filter) => {
        const y = conv(input, filter, options);
        const slopes = gradients(mean(square(y)), [input, filter]);
        const twice = gradients(add(mean(square(slopes[0]!)), mean(square(slopes[1]!))), [input, filter]);
        return [y, ...slopes, ...twice];
      },
      { tolerance },
    );
  });

  it.each(rounds)("pools and differentiates, round %i", async (round) => {
    const { x, pool, tolerance } = draw(round);
    await expectLikeReference(
      backend,
      [x],
      (input) => {
        const [largest, average] = [maxPool(input, pool), averagePool(input, pool)];
        return [largest, average, ...gradients(add(sum(square(largest)), sum(square(average))), [input])];
      },
      { tolerance },
    );
  });
});
