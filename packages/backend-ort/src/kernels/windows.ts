import { sizeOf } from "@semblance/core";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";
import { padded, reshaped, sliced } from "./movement.js";

/** How the windows over x [N, C, …s] are placed: t places along each spatial axis, `kernel` elements `dilations` apart. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly places: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** For each element of the window in row-major order, the [N, C, …t] tensor of what it meets at every place. */
export function taps(graph: GraphBuilder, x: Value, windows: Windows, fill = 0): Value[] {
  return tapsAlong(graph, x, windows, 2, fill);
}

/** The same where the spatial axes of x start elsewhere, such as at 1 in [N, …s, C]. */
export function tapsAlong(graph: GraphBuilder, x: Value, windows: Windows, first: number, fill = 0): Value[] {
  const { kernel, places, strides, dilations, before, after } = windows;
  const around = <Item>(spatial: readonly Item[], other: (axis: number) => Item) =>
    x.shape.map((_, axis) => spatial[axis - first] ?? other(axis));
  const surrounded = padded(graph, x, { before: around(before, () => 0), after: around(after, () => 0), value: fill });
  return positions(kernel).map((position) =>
    sliced(graph, surrounded, {
      starts: around(
        position.map((at, axis) => at * dilations[axis]!),
        () => 0,
      ),
      sizes: around(places, (axis) => x.shape[axis]!),
      steps: around(strides, () => 1),
    }),
  );
}

/** Every window as a column: [N, C·k, t], channels slowest. */
export function columns(graph: GraphBuilder, x: Value, windows: Windows): Value {
  const [batch, channels] = [x.shape[0]!, x.shape[1]!];
  const count = sizeOf(windows.kernel);
  const places = sizeOf(windows.places);
  const flat = taps(graph, x, windows).map((tap) => reshaped(graph, tap, [batch, channels, 1, places]));
  const joined =
    flat.length === 1
      ? flat[0]!
      : graph.node("Concat", flat, { shape: [batch, channels, count, places], dtype: x.dtype }, { axis: 2 });
  return reshaped(graph, joined, [batch, channels * count, places]);
}

function positions(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (all, extent) => all.flatMap((head) => Array.from({ length: extent }, (_, at) => [...head, at])),
    [[]],
  );
}
