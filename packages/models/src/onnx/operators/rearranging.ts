import { constant, gather, ndarray, pad, reshape, sliceAxes, type Tensor, transpose } from "@semblance/core";
import type { Call, Operator } from "../translate/call.js";
import { axesOf, axisOf } from "./broadcasting.js";

/** Cutting, padding, and moving blocks between axes. */
export const rearranging: Readonly<Record<string, Operator>> = {
  DepthToSpace: { translate: depthToSpace },
  Pad: { translate: padNode },
  Slice: { translate: sliceNode },
  SpaceToDepth: { translate: spaceToDepth },
};

/** Starts, ends, axes and steps are attributes before operator set 10. Ends beyond the axis are its end. */
function sliceNode(call: Call): Tensor {
  const x = call.x(0);
  const attributes = call.opset < 10;
  const read = (at: number, name: string) => (attributes ? call.ints(name) : call.has(at) ? call.known(at) : undefined);
  const [starts, ends] = [read(1, "starts") ?? [], read(2, "ends") ?? []];
  const axes = read(3, "axes") ?? starts.map((_, axis) => axis);
  const steps = attributes ? starts.map(() => 1) : (read(4, "steps") ?? starts.map(() => 1));
  if ([ends, axes, steps].some(({ length }) => length !== starts.length))
    throw call.fault("Slice with lists of unequal lengths");
  axesOf(call, axes, x.rank);
  const all = { starts: x.shape.map(() => 0), sizes: [...x.shape], steps: x.shape.map(() => 1) };
  axes.forEach((given, at) => {
    const axis = axisOf(call, given, x.rank);
    const [extent, step] = [x.shape[axis]!, steps[at]!];
    if (step === 0) throw call.fault("Slice in steps of 0");
    const fromEnd = (index: number) => (index < 0 ? index + extent : index);
    const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
    const clip = (index: number) => Math.min(Math.max(fromEnd(index), low), high);
    const start = Math.max(0, clip(starts[at]!));
    const size = Math.max(0, Math.ceil((clip(ends[at]!) - clip(starts[at]!)) / step));
    all.starts[axis] = size === 0 ? 0 : start;
    all.sizes[axis] = size;
    all.steps[axis] = size <= 1 ? 1 : step;
  });
  return sliceAxes(x, all);
}

/** The widths are an attribute before operator set 11; negative ones cut away. */
function padNode(call: Call): Tensor {
  const x = call.x(0);
  const widths = call.opset < 11 ? (call.ints("pads") ?? call.ints("paddings") ?? []) : call.known(1);
  const axes = call.has(3) ? call.known(3).map((axis) => axisOf(call, axis, x.rank)) : x.shape.map((_, axis) => axis);
  if (widths.length !== 2 * axes.length) throw call.fault(`${widths.length} widths for ${axes.length} axes`);
  const [before, after] = [x.shape.map(() => 0), x.shape.map(() => 0)];
  axes.forEach((axis, at) => {
    before[axis] = widths[at]!;
    after[axis] = widths[at + axes.length]!;
  });
  const mode = call.text("mode", "constant");
  if (mode === "constant") {
    const value = call.opset < 11 ? call.float32("value", 0) : call.has(2) ? call.knownOne(2) : 0;
    return cut(
      pad(x, {
        before: before.map((width) => Math.max(0, width)),
        after: after.map((width) => Math.max(0, width)),
        value,
      }),
      before,
      after,
    );
  }
  let y = x;
  x.shape.forEach((extent, axis) => {
    if (before[axis] === 0 && after[axis] === 0) return;
    const count = call.table(Math.max(0, before[axis]! + extent + after[axis]!));
    const read = Int32Array.from({ length: count }, (_, at) => mirrored(call, mode, at - before[axis]!, extent));
    y = gather(y, constant(ndarray("int32", [count], read)), axis);
  });
  return y;
}

/** Where a padding in some mode reads the element at a position outside. */
function mirrored(call: Call, mode: string, at: number, extent: number): number {
  if (extent === 0) throw call.fault("an axis without elements has none to repeat");
  if (mode === "edge") return Math.min(Math.max(at, 0), extent - 1);
  if (mode === "wrap") return ((at % extent) + extent) % extent;
  if (mode !== "reflect") throw call.fault(`no mode "${mode}"`);
  const period = Math.max(1, 2 * (extent - 1));
  const inside = ((at % period) + period) % period;
  return inside < extent ? inside : period - inside;
}

function cut(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  const away = (width: number) => Math.max(0, -width);
  return sliceAxes(x, {
    starts: before.map(away),
    sizes: x.shape.map((extent, axis) => Math.max(0, extent - away(before[axis]!) - away(after[axis]!))),
    steps: x.shape.map(() => 1),
  });
}

function blocks(call: Call): { x: Tensor; size: number } {
  const size = call.int("blocksize", 0);
  const x = call.x(0);
  if (x.rank !== 4 || size < 1) throw call.fault("x must be [N, C, H, W], and blocksize at least 1");
  return { x, size };
}

function depthToSpace(call: Call): Tensor {
  const { x, size } = blocks(call);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  if (c % (size * size) !== 0) throw call.fault(`${c} channels in blocks of ${size}`);
  const depth = c / (size * size);
  const columnsFirst = call.text("mode", "DCR") === "CRD";
  const split = columnsFirst ? [n, depth, size, size, h, w] : [n, size, size, depth, h, w];
  const order = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  return reshape(transpose(reshape(x, split), order), [n, depth, h * size, w * size]);
}

function spaceToDepth(call: Call): Tensor {
  const { x, size } = blocks(call);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  if (h % size !== 0 || w % size !== 0) throw call.fault(`[${h}, ${w}] in blocks of ${size}`);
  const split = reshape(x, [n, c, h / size, size, w / size, size]);
  return reshape(transpose(split, [0, 3, 5, 1, 2, 4]), [n, c * size * size, h / size, w / size]);
}
