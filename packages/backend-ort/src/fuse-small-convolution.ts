import { type AttributesOf, type ConvolutionGeometry, sameShape, sizeOf, type Tensor } from "@semblance/core";
import { type Extents, type Place, placesOf, selection } from "./few-places.js";
import type { Surroundings } from "./fuse-matmul.js";
import { reshaped, sliced, transposed } from "./kernels/movement.js";
import type { Recipe } from "./lower.js";
import type { GraphBuilder, Value } from "./onnx/graph-builder.js";

/**
 * A convolution whose window has few places, as in the last layers of a network, as one matrix product for each place:
 *
 *     Yₜ = Xₜ·Wₜᵀ,   X̄ₜ = Ȳₜ·Wₜ,   W̄ₜ = Ȳₜᵀ·Xₜ        Yₜ [n, o], Xₜ [n, c·s] the pixels under the window, Wₜ [o, c·s] what lies on them
 *
 * onnxruntime's `Conv` makes a product for each picture, which for 2×2 pixels is mostly reading the filter, and multiplies padding
 * besides: with 512 filters of 3×3 on single pixels, 8 of 9 numbers. There the product for the whole batch took 0.4 ms and taking the
 * filter apart 1, instead of 17 (batch 64, 1 thread of a busy machine).
 *
 * Parts of filters are taken out and put back by products with matrices of zeros and ones: slices of so few elements are slow.
 */

const MOST_PLACES = 4;
/** The filter is taken apart anew for every batch, so the batch has to be worth it. */
const SMALLEST_BATCH = 16;

interface SmallConvolution extends Extents {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly windows: readonly Place[];
}

/** A convolution, its transpose or the cotangent of its filter, where the window has few places. */
export function fuseSmallConvolution(tensor: Tensor, { provider }: Surroundings): Recipe | undefined {
  if (provider !== "cpu" || tensor.dtype !== "float32") return undefined;
  const [first, second] = tensor.inputs as [Tensor, Tensor];
  const recipe = (small: SmallConvolution | undefined, form: typeof forward): Recipe | undefined =>
    small && {
      sources: [first, second],
      emit: ([a, b], graph) => reshaped(graph, form(graph, a!, b!, small), tensor.shape),
    };
  switch (tensor.op.name) {
    case "conv":
      return recipe(smallConvolution(first, second, tensor, tensor.attributes as AttributesOf<"conv">), forward);
    case "convTranspose":
      return recipe(
        smallConvolution(tensor, second, first, tensor.attributes as AttributesOf<"convTranspose">),
        backward,
      );
    case "convFilterGradient":
      return recipe(
        smallConvolution(first, tensor, second, tensor.attributes as AttributesOf<"convFilterGradient">),
        filterSlope,
      );
    default:
      return undefined;
  }
}

function smallConvolution(
  x: Tensor,
  w: Tensor,
  y: Tensor,
  geometry: ConvolutionGeometry,
): SmallConvolution | undefined {
  const [batch, channels, filters] = [x.shape[0]!, x.shape[1]!, y.shape[1]!];
  const [pixels, kernel, places] = [x, w, y].map(({ shape }) => shape.slice(2)) as [number[], number[], number[]];
  if (geometry.groups > 1 || batch < SMALLEST_BATCH || sizeOf(places) > MOST_PLACES) return undefined;
  const windows = placesOf({ pixels, kernel, places }, geometry);
  return windows && { batch, channels, filters, pixels, kernel, places, windows };
}

/** a·b + sum, with factors read transposed where they are. */
function product(
  graph: GraphBuilder,
  [a, b]: readonly [Value, Value],
  options: { readonly transB?: boolean; readonly sum?: Value | undefined } = {},
): Value {
  const { transB = false, sum } = options;
  const shape = [a.shape[0]!, b.shape[transB ? 0 : 1]!];
  const addend = sum && reshaped(graph, sum, shape);
  return graph.node("Gemm", [a, b, ...(addend ? [addend] : [])], { shape, dtype: a.dtype }, { transB: transB ? 1 : 0 });
}

function forward(graph: GraphBuilder, x: Value, w: Value, small: SmallConvolution): Value {
  const { batch, filters, windows } = small;
  const parts = windows.map((place) =>
    product(graph, [pixelsUnder(graph, x, place, small), filterOn(graph, w, place, small)], { transB: true }),
  );
  if (parts.length === 1) return parts[0]!;
  const dtype = x.dtype;
  const joined = graph.node("Concat", parts, { shape: [parts.length * batch, filters], dtype }, { axis: 0 });
  return transposed(graph, reshaped(graph, joined, [parts.length, batch, filters]), [1, 2, 0]);
}

function backward(graph: GraphBuilder, y: Value, w: Value, small: SmallConvolution): Value {
  const { batch, channels, pixels, windows } = small;
  let total: Value | undefined;
  atPlaces(graph, y, small, [2, 0, 1]).forEach((slope, index) => {
    const place = windows[index]!;
    const filter = filterOn(graph, w, place, small);
    if (coversAll(place, small)) {
      total = product(graph, [slope, filter], { sum: total });
      return;
    }
    const { starts, sizes, steps } = place.pixels;
    const part = reshaped(graph, product(graph, [slope, filter]), [batch * channels, sizeOf(sizes)]);
    const back = graph.constant(selection(pixels, starts, sizes, steps));
    total = product(graph, [part, back], { transB: true, sum: total });
  });
  return total!;
}

function filterSlope(graph: GraphBuilder, x: Value, dy: Value, small: SmallConvolution): Value {
  const { channels, filters, kernel, windows } = small;
  let total: Value | undefined;
  atPlaces(graph, dy, small, [2, 1, 0]).forEach((slope, index) => {
    const place = windows[index]!;
    const factors = [slope, pixelsUnder(graph, x, place, small)] as const;
    if (usesAll(place, small)) {
      total = product(graph, factors, { sum: total });
      return;
    }
    const part = reshaped(graph, product(graph, factors), [filters * channels, sizeOf(place.pixels.sizes)]);
    total = product(graph, [part, elements(graph, kernel, place)], { transB: true, sum: total });
  });
  return total!;
}

/** What belongs to each place of y [n, o, …places] as a matrix; `order` says how [n, o, place] is turned, place first. */
function atPlaces(graph: GraphBuilder, y: Value, small: SmallConvolution, order: readonly number[]): Value[] {
  const { batch, filters, windows } = small;
  const turned = transposed(graph, reshaped(graph, y, [batch, filters, windows.length]), order);
  const [count, rows, columns] = turned.shape as [number, number, number];
  // Flat, because onnxruntime would move the transposition behind the slices, which then pick single numbers.
  const flat = reshaped(graph, turned, [count * rows, columns]);
  return windows.map((_, index) =>
    sliced(graph, flat, { starts: [index * rows, 0], sizes: [rows, columns], steps: [1, 1] }),
  );
}

const coversAll = ({ pixels: { sizes } }: Place, { pixels }: SmallConvolution) => sameShape(sizes, pixels);
const usesAll = ({ pixels: { sizes } }: Place, { kernel }: SmallConvolution) => sameShape(sizes, kernel);

/** The pixels of x that the window covers at a place: [n, c·s]. */
function pixelsUnder(graph: GraphBuilder, x: Value, place: Place, { batch, channels }: SmallConvolution): Value {
  const { starts, sizes, steps } = place.pixels;
  const part = sliced(graph, x, {
    starts: [0, 0, ...starts],
    sizes: [batch, channels, ...sizes],
    steps: [1, 1, ...steps],
  });
  return reshaped(graph, part, [batch, channels * sizeOf(sizes)]);
}

const parts = new WeakMap<GraphBuilder, Map<string, Value>>();

/** The elements of the filter that lie on pixels at a place: [o, c·s]. Taken out once for the forward and the backward pass. */
function filterOn(graph: GraphBuilder, w: Value, place: Place, small: SmallConvolution): Value {
  const { channels, filters, kernel } = small;
  const { sizes } = place.pixels;
  if (usesAll(place, small)) return reshaped(graph, w, [filters, channels * sizeOf(kernel)]);
  const known = parts.get(graph) ?? new Map<string, Value>();
  parts.set(graph, known);
  const name = `${w.name} ${place.elements} ${sizes}`;
  const taken = known.get(name);
  if (taken) return taken;
  const flat = reshaped(graph, w, [filters * channels, sizeOf(kernel)]);
  const part = reshaped(graph, product(graph, [flat, elements(graph, kernel, place)]), [
    filters,
    channels * sizeOf(sizes),
  ]);
  known.set(name, part);
  return part;
}

/** [kernel, s]: which elements of the window lie on pixels at a place. */
function elements(graph: GraphBuilder, kernel: readonly number[], place: Place): Value {
  const steps = kernel.map(() => 1);
  return graph.constant(selection(kernel, place.elements, place.pixels.sizes, steps));
}
