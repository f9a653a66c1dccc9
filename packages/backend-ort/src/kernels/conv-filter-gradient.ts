import { type AttributesOf, sizeOf } from "@semblance/core";
import type { KernelCall } from "../kernel.js";
import { CONTRIB_DOMAIN } from "../onnx/encode-model.js";
import type { Value } from "../onnx/graph-builder.js";
import { convolved } from "./conv.js";
import { windowRows } from "./conv-by-rows.js";
import { reshaped, sliced, transposed } from "./movement.js";
import { columns } from "./windows.js";

type Call = KernelCall<AttributesOf<"convFilterGradient">>;

/** Below this many channels a convolution over the batch beats columns and a matrix product (measured, 1 thread). */
const FEW_CHANNELS = 16;

/** From this many channels on, or with strides, one product for the whole batch beats one for each picture (measured, 1 thread). */
const MANY_CHANNELS = 64;

/** The cotangent of a filter, in the form that is fastest for its shape. */
export function convFilterGradient(call: Call): Value {
  const { inputs, attributes, to } = call;
  const channels = inputs[0]!.shape[1]!;
  if (to.dtype !== "float32" || attributes.groups > 1) return byColumns(call);
  if (channels < FEW_CHANNELS) return byConvolution(call);
  const strided = attributes.strides.some((stride) => stride > 1);
  return strided || channels >= MANY_CHANNELS ? byRows(call) : byColumns(call);
}

/** Xᵀ [C, N, …s] convolved with Ȳᵀ [O, N, …t], strides and dilations exchanged: [C, O, …k]. */
function byConvolution({ graph, provider, inputs, attributes, to }: Call): Value {
  const { strides, dilations, before, after, kernel } = attributes;
  const [x, dy] = inputs as [Value, Value];
  const exchange = [1, 0, ...kernel.map((_, axis) => axis + 2)];
  const places = kernel.map((_, axis) => {
    const span = strides[axis]! * (dy.shape[axis + 2]! - 1) + 1;
    return Math.floor((x.shape[axis + 2]! + before[axis]! + after[axis]! - span) / dilations[axis]!) + 1;
  });
  const geometry = { strides: dilations, dilations: strides, before, after, groups: 1 };
  const [channels, filters] = [x.shape[1]!, dy.shape[1]!];
  const [xt, dyt] = [transposed(graph, x, exchange), transposed(graph, dy, exchange)];
  const wide = convolved(graph, provider, xt, dyt, geometry, [channels, filters, ...places]);
  // Elements of x that no window reached make the result larger than the filter.
  const exact = sliced(graph, wide, {
    starts: wide.shape.map(() => 0),
    sizes: [channels, filters, ...kernel],
    steps: wide.shape.map(() => 1),
  });
  return reshaped(graph, transposed(graph, exact, exchange), to.shape);
}

/** Ȳ [N, G, O/G, t] times the columns of x [N, G, C/G·k, t] transposed, summed over the batch. */
function byColumns({ graph, provider, inputs, attributes, to }: Call): Value {
  const { strides, dilations, before, after, groups, kernel } = attributes;
  const [x, dy] = inputs as [Value, Value];
  const [batch, filters, ...places] = dy.shape as [number, number, ...number[]];
  const width = (x.shape[1]! / groups) * sizeOf(kernel);
  const spots = sizeOf(places);
  const windows = columns(graph, x, { kernel, places, strides, dilations, before, after });
  const grouped = reshaped(graph, windows, [batch, groups, width, spots]);
  const cotangents = reshaped(graph, dy, [batch, groups, filters / groups, spots]);
  const perImage = { shape: [batch, groups, filters / groups, width], dtype: x.dtype };
  // On the processor the columns are read transposed where they are; elsewhere there is no such operator.
  const products =
    provider === "cpu"
      ? graph.node("FusedMatMul", [cotangents, grouped], perImage, { transB: 1 }, CONTRIB_DOMAIN)
      : graph.node("MatMul", [cotangents, transposed(graph, grouped, [0, 1, 3, 2])], perImage);
  const total = graph.node(
    "ReduceSum",
    [products, graph.int64([0])],
    { shape: products.shape.slice(1), dtype: x.dtype },
    { keepdims: 0 },
  );
  return reshaped(graph, total, to.shape);
}

/** Ȳ [O, N·t] times the windows of x as rows [N·t, k·C]. */
function byRows({ graph, inputs, attributes, to }: Call): Value {
  const { strides, dilations, before, after, kernel } = attributes;
  const [x, dy] = inputs as [Value, Value];
  const [batch, filters, ...places] = dy.shape as [number, number, ...number[]];
  const channels = x.shape[1]!;
  const axes = kernel.map((_, axis) => axis + 2);
  const rows = windowRows(graph, x, { kernel, places, strides, dilations, before, after });
  const width = rows.shape[1]!;
  const cotangents = reshaped(graph, transposed(graph, dy, [1, 0, ...axes]), [filters, batch * sizeOf(places)]);
  const product = graph.node("Gemm", [cotangents, rows], { shape: [filters, width], dtype: x.dtype });
  const apart = reshaped(graph, product, [filters, sizeOf(kernel), channels]);
  return reshaped(graph, transposed(graph, apart, [0, 2, 1]), to.shape);
}
