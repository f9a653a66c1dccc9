import { FLOATS, fail, requireDType, requireSameDType } from "./rules.js";
import type { TensorSpec } from "./tensor.js";

/** How a window moves: one entry per spatial axis. */
export interface WindowGeometry {
  readonly strides: readonly number[];
  /** Zeros (or, for pooling, absent elements) before and after each spatial axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export interface ConvolutionGeometry extends WindowGeometry {
  readonly dilations: readonly number[];
  readonly groups: number;
}

export interface WindowOptions {
  readonly strides?: number | readonly number[];
  /** One number for all sides, one per axis for both its sides, or sides apart. */
  readonly padding?:
    | number
    | readonly number[]
    | { readonly before: readonly number[]; readonly after: readonly number[] };
}

export interface ConvolutionOptions extends WindowOptions {
  readonly dilations?: number | readonly number[];
  readonly groups?: number;
}

const perAxis = (value: number | readonly number[], axes: number) =>
  typeof value === "number" ? Array.from({ length: axes }, () => value) : [...value];

export function windowGeometry(op: string, axes: number, options: WindowOptions): WindowGeometry {
  const { strides = 1, padding = 0 } = options;
  const sides =
    typeof padding === "object" && "before" in padding
      ? { before: [...padding.before], after: [...padding.after] }
      : { before: perAxis(padding, axes), after: perAxis(padding, axes) };
  const geometry = { strides: perAxis(strides, axes), ...sides };
  for (const [what, values, least] of [
    ["strides", geometry.strides, 1],
    ["padding before", geometry.before, 0],
    ["padding after", geometry.after, 0],
  ] as const) {
    if (values.length !== axes || values.some((value) => !Number.isInteger(value) || value < least)) {
      fail("WINDOW_INVALID", op, `${what} [${values.join(", ")}] must be ${axes} whole numbers of at least ${least}`);
    }
  }
  return geometry;
}

export function convolutionGeometry(op: string, axes: number, options: ConvolutionOptions): ConvolutionGeometry {
  const dilations = perAxis(options.dilations ?? 1, axes);
  const groups = options.groups ?? 1;
  if (dilations.length !== axes || [...dilations, groups].some((value) => !Number.isInteger(value) || value < 1)) {
    fail(
      "WINDOW_INVALID",
      op,
      `dilations [${dilations.join(", ")}] and groups ${groups} must be positive whole numbers`,
    );
  }
  return { ...windowGeometry(op, axes, options), dilations, groups };
}

/** How many places a window of `kernel` elements fits on an axis. */
export function windowCount(
  op: string,
  extent: number,
  kernel: number,
  { strides, before, after }: WindowGeometry,
  axis: number,
  dilation = 1,
): number {
  const span = dilation * (kernel - 1) + 1;
  const room = extent + before[axis]! + after[axis]! - span;
  if (room < 0) {
    fail(
      "WINDOW_TOO_LARGE",
      op,
      `a window of ${span} does not fit on ${extent} elements with padding ${before[axis]} and ${after[axis]}`,
    );
  }
  return Math.floor(room / strides[axis]!) + 1;
}

/** The shape of x [N, C, …s] convolved with w [O, C/groups, …k], after checking that they belong together. */
export function convolvedShape(op: string, x: TensorSpec, w: TensorSpec, geometry: ConvolutionGeometry): number[] {
  requireSameDType(op, [x, w]);
  requireDType(op, x, FLOATS);
  const axes = geometry.strides.length;
  if (x.shape.length !== axes + 2 || w.shape.length !== axes + 2) {
    fail("RANK_MISMATCH", op, `x [${x.shape.join(", ")}] and w [${w.shape.join(", ")}] need ${axes} spatial axes each`);
  }
  if (w.shape.slice(2).includes(0)) {
    fail("WINDOW_INVALID", op, `w [${w.shape.join(", ")}] has a spatial axis without elements`);
  }
  const { groups } = geometry;
  if (x.shape[1] !== w.shape[1]! * groups || w.shape[0]! % groups !== 0) {
    fail(
      "CHANNEL_MISMATCH",
      op,
      `x has ${x.shape[1]} channels; w [${w.shape.join(", ")}] in ${groups} group(s) takes ${w.shape[1]! * groups}`,
      "x is [N, C, …], w is [O, C/groups, …], and groups divides O.",
    );
  }
  const spatial = geometry.strides.map((_, axis) =>
    windowCount(op, x.shape[axis + 2]!, w.shape[axis + 2]!, geometry, axis, geometry.dilations[axis]),
  );
  return [x.shape[0]!, w.shape[0]!, ...spatial];
}
