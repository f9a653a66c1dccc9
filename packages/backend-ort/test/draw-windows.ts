import { Key, type NdArray, ndarray, sizeOf } from "@semblance/core";

const SEED = 7;

/** Geometry drawn from a fixed seed: one to three axes, strides, dilations, uneven padding beyond the window, groups, many channels. */
export function drawWindows(round: number) {
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
