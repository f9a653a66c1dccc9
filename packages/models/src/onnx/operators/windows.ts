import {
  abs,
  add,
  averagePool,
  conv,
  convTransposeTo,
  div,
  max,
  maximum,
  maxPool,
  mean,
  mul,
  onesLike,
  pad,
  pow,
  sizeOf,
  sliceAxes,
  sum,
  type Tensor,
} from "@semblance/core";
import type { OnnxNode } from "../onnx-model.js";
import type { Call, Operator } from "../translate/call.js";
import { along } from "./broadcasting.js";

/** Windows whose places are written out one by one have at most this many. */
const MOST_PLACES = 4096;

/** How a window moves over the spatial axes. */
interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const spatialAxes = (x: Tensor) => x.shape.map((_, axis) => axis).slice(2);
const wantsIndices = ({ outputs }: OnnxNode) =>
  (outputs[1] ?? "") === "" ? undefined : "the places of the maxima have no primitive";

/** Convolutions and pooling. */
export const windows: Readonly<Record<string, Operator>> = {
  AveragePool: { translate: averagePooling },
  Conv: { translate: convolution },
  ConvTranspose: { translate: transposedConvolution },
  GlobalAveragePool: { translate: (call) => mean(call.number(0), { axes: spatialAxes(call.x(0)), keepDims: true }) },
  GlobalLpPool: {
    translate(call) {
      const x = call.number(0);
      return norm(call, (powers) => sum(powers, { axes: spatialAxes(x), keepDims: true }));
    },
  },
  GlobalMaxPool: { translate: (call) => max(call.number(0), { axes: spatialAxes(call.x(0)), keepDims: true }) },
  LpPool: {
    translate(call) {
      const moved = poolingWindows(call);
      return norm(call, (powers) => overPlaces(call, padded(powers, moved, 0), moved, add));
    },
  },
  MaxPool: { translate: maxPooling, refuse: wantsIndices },
};

/** Reads kernel, strides, dilations and padding, and works out `auto_pad`. */
function windowsOf(call: Call, x: Tensor, kernelShape: readonly number[]): Windows {
  const axes = x.rank - 2;
  if (axes < 1) throw call.fault(`x [${x.shape.join(", ")}] has no spatial axis`);
  const ones = Array.from({ length: axes }, () => 1);
  const kernel = [...(call.ints("kernel_shape") ?? kernelShape)];
  const strides = call.ints("strides") ?? ones;
  const dilations = call.ints("dilations") ?? ones;
  const pads = call.ints("pads") ?? [...ones, ...ones].map(() => 0);
  const positive = [...kernel, ...strides, ...dilations].every((value) => value >= 1 && value < 2 ** 31);
  const fits =
    kernel.length === axes && strides.length === axes && dilations.length === axes && pads.length === 2 * axes;
  if (!(positive && fits) || pads.some((value) => value < 0 || value >= 2 ** 31)) {
    throw call.fault(`the window [${kernel.join(", ")}] does not belong to ${axes} spatial axes`);
  }
  const mode = call.text("auto_pad", "NOTSET");
  if (mode === "NOTSET") return { kernel, strides, dilations, before: pads.slice(0, axes), after: pads.slice(axes) };
  const total = kernel.map((extent, axis) => {
    if (mode === "VALID") return 0;
    const places = Math.ceil(x.shape[axis + 2]! / strides[axis]!);
    const span = dilations[axis]! * (extent - 1) + 1;
    return Math.max(0, (places - 1) * strides[axis]! + span - x.shape[axis + 2]!);
  });
  return { kernel, strides, dilations, ...sides(total, mode === "SAME_UPPER") };
}

/** Shares an odd padding out: the larger half goes behind with SAME_UPPER, before otherwise. */
function sides(total: readonly number[], upper: boolean): Pick<Windows, "before" | "after"> {
  const smaller = total.map((value) => Math.floor(value / 2));
  const larger = total.map((value) => Math.ceil(value / 2));
  return upper ? { before: smaller, after: larger } : { before: larger, after: smaller };
}

function convolution(call: Call): Tensor {
  const y = convolve(call, call.number(0), call.number(1));
  return call.has(2) ? add(y, along(call.number(2), 1, y.rank)) : y;
}

/** The convolution that a node's attributes describe. */
export function convolve(call: Call, x: Tensor, w: Tensor): Tensor {
  const { strides, dilations, before, after } = windowsOf(call, x, w.shape.slice(2));
  return conv(x, w, { strides, dilations, padding: { before, after }, groups: call.int("group", 1) });
}

/**
 * The transpose of a convolution. Its extents are (t − 1)·stride + span − padding + output_padding, or what `output_shape` says, from
 * which the padding then follows; elements that no window reaches are zero.
 */
function transposedConvolution(call: Call): Tensor {
  const [x, w] = [call.number(0), call.number(1)];
  if (w.rank !== x.rank) throw call.fault("x and w need the same number of axes");
  const moved = windowsOf(call, x, w.shape.slice(2));
  const mode = call.text("auto_pad", "NOTSET");
  const extra = call.ints("output_padding") ?? moved.kernel.map(() => 0);
  const full = moved.kernel.map(
    (extent, axis) =>
      (x.shape[axis + 2]! - 1) * moved.strides[axis]! + moved.dilations[axis]! * (extent - 1) + 1 + (extra[axis] ?? 0),
  );
  const asked =
    call.ints("output_shape")?.slice(-full.length) ??
    (mode.startsWith("SAME") ? moved.strides.map((stride, axis) => x.shape[axis + 2]! * stride) : undefined);
  const room = asked?.map((size, axis) => full[axis]! - size);
  const { before, after } = room
    ? sides(
        room.map((value) => Math.max(0, value)),
        mode === "SAME_UPPER",
      )
    : moved;
  const size = full.map(
    (value, axis) => value - before[axis]! - after[axis]! - Math.max(0, extra[axis]! - (moved.strides[axis]! - 1)),
  );
  if (size.some((value) => value < 1)) throw call.fault(`the result would have extents [${size.join(", ")}]`);
  const geometry = { strides: moved.strides, dilations: moved.dilations, before, after, groups: call.int("group", 1) };
  const y = convTransposeTo(x, w, size, geometry);
  const wanted = asked ?? full.map((value, axis) => value - before[axis]! - after[axis]!);
  const missing = wanted.map((value, axis) => Math.max(0, value - size[axis]!));
  const whole = pad(y, { before: y.shape.map(() => 0), after: [0, 0, ...missing] });
  return call.has(2) ? add(whole, along(call.number(2), 1, y.rank)) : whole;
}

function poolingWindows(call: Call): Windows {
  const x = call.number(0);
  const moved = windowsOf(call, x, []);
  if (call.int("ceil_mode", 0) === 0) return moved;
  // A last window that does not fit is taken too, unless it would start in the padding behind.
  const after = moved.kernel.map((extent, axis) => {
    const span = moved.dilations[axis]! * (extent - 1) + 1;
    const [own, stride] = [x.shape[axis + 2]! + moved.before[axis]!, moved.strides[axis]!];
    const places = Math.ceil((own + moved.after[axis]! - span) / stride) + 1;
    const last = (places - 1) * stride >= own ? places - 2 : places - 1;
    return Math.max(moved.after[axis]!, last * stride + span - own);
  });
  return { ...moved, after };
}

/** Whether core's pooling can do it: no gaps in the window, and padding that leaves every window an element. */
const isPlain = ({ kernel, dilations, before, after }: Windows) =>
  dilations.every((value) => value === 1) &&
  kernel.every((extent, axis) => before[axis]! < extent && after[axis]! < extent);

function maxPooling(call: Call): Tensor {
  const moved = poolingWindows(call);
  const { kernel, strides, before, after } = moved;
  if (isPlain(moved)) return maxPool(call.number(0), { kernel, strides, padding: { before, after } });
  return overPlaces(call, padded(call.number(0), moved, Number.NEGATIVE_INFINITY), moved, maximum);
}

function averagePooling(call: Call): Tensor {
  const moved = poolingWindows(call);
  const x = call.number(0);
  const counted = call.int("count_include_pad", 0) !== 0;
  // Padding that counts is made of zeros; what windows need beyond it does not count.
  const own = counted ? windowsOf(call, x, []) : undefined;
  const inner = own ? padded(x, own, 0) : x;
  const rest: Windows = own
    ? { ...moved, before: own.before.map(() => 0), after: moved.after.map((value, axis) => value - own.after[axis]!) }
    : moved;
  const { kernel, strides, before, after } = rest;
  if (isPlain(rest)) return averagePool(inner, { kernel, strides, padding: { before, after } });
  const total = (each: Tensor) => overPlaces(call, padded(each, rest, 0), rest, add);
  return div(total(inner), total(onesLike(inner)));
}

function padded(x: Tensor, { before, after }: Windows, value: number): Tensor {
  return pad(x, { before: [0, 0, ...before], after: [0, 0, ...after], value });
}

/** Combines the strided slices that each place of the window reads. */
function overPlaces(
  call: Call,
  x: Tensor,
  { kernel, strides, dilations }: Windows,
  combine: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  const places = sizeOf(kernel);
  if (places > MOST_PLACES) throw call.unsupported(`a window with ${places} places and gaps or such padding`);
  const counts = kernel.map((extent, axis) => {
    const room = x.shape[axis + 2]! - (dilations[axis]! * (extent - 1) + 1);
    if (room < 0) throw call.fault(`a window of ${extent} does not fit on ${x.shape[axis + 2]} elements`);
    return Math.floor(room / strides[axis]!) + 1;
  });
  let y: Tensor | undefined;
  for (let place = 0; place < places; place++) {
    let rest = place;
    const offsets = kernel.map((extent, axis) => {
      const offset = rest % extent;
      rest = Math.floor(rest / extent);
      return offset * dilations[axis]!;
    });
    const read = sliceAxes(x, {
      starts: [0, 0, ...offsets],
      sizes: [...x.shape.slice(0, 2), ...counts],
      steps: [1, 1, ...strides],
    });
    y = y ? combine(y, read) : read;
  }
  return y!;
}

/** (Σ|x|ᵖ)^(1/p), the sum being what is given. */
function norm(call: Call, total: (powers: Tensor) => Tensor): Tensor {
  const p = call.opset < 2 ? call.float32("p", 2) : call.int("p", 2);
  const size = abs(call.number(0));
  return pow(total(p === 2 ? mul(size, size) : pow(size, p)), 1 / p);
}
