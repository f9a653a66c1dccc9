import { type DType, isFloat, type Tensor } from "@semblance/core";
import { reshaped } from "./kernels/movement.js";
import type { GraphBuilder, Value } from "./onnx/graph-builder.js";

/**
 * Small inputs and results of a graph as one flat tensor.
 *
 * Each tensor that crosses into onnxruntime or back costs 4 to 5 µs, as much as twenty small operators: a training step of a small network
 * takes and returns its parameters and two moments of each, and spent two thirds of its time on that. Packed, they are copied into
 * one buffer, cut apart by one `Split`, and put together again by one `Concat`.
 */
export interface Pack {
  /** The input or output of the ONNX model that holds all parts, one after the other. */
  readonly name: string;
  readonly dtype: DType;
  readonly size: number;
  readonly parts: readonly PackedPart[];
}

export interface PackedPart {
  /** The position among the graph's inputs, or among its outputs. */
  readonly index: number;
  readonly start: number;
  readonly length: number;
}

/** An input or output of the graph, by its position. */
export interface Place<Item> {
  readonly index: number;
  readonly item: Item;
}

/** Elements from which on copying costs more than a tensor of one's own. */
const SMALL = 1 << 12;
/** Fewer are not worth the nodes. */
const FEWEST = 4;

/** Which tensors are worth packing: groups of one type. */
export function packable(places: readonly Place<Tensor>[]): readonly (readonly Place<Tensor>[])[] {
  const groups = new Map<DType, Place<Tensor>[]>();
  for (const place of places) {
    const { dtype, size } = place.item;
    if (!isFloat(dtype) || size === 0 || size > SMALL) continue;
    groups.set(dtype, [...(groups.get(dtype) ?? []), place]);
  }
  return [...groups.values()].filter((group) => group.length >= FEWEST);
}

/** An input of the model for a group, and the members cut out of it. */
export function unpack(graph: GraphBuilder, group: readonly Place<Tensor>[]): { pack: Pack; values: readonly Value[] } {
  const { dtype } = group[0]!.item;
  const { size, parts } = laidOut(group.map(({ index, item }) => ({ index, length: item.size })));
  const packed = graph.input(`inputs_${dtype}`, { shape: [size], dtype });
  const lengths = parts.map(({ length }) => length);
  const flat = graph.nodeWithOutputs(
    "Split",
    [packed, graph.int64(lengths)],
    lengths.map((length) => ({ shape: [length], dtype })),
    { axis: 0 },
  );
  const values = flat.map((value, at) => reshaped(graph, value, group[at]!.item.shape));
  return { pack: { name: packed.name, dtype, size, parts }, values };
}

/** A result of the model that holds all results of a group. */
export function packResults(graph: GraphBuilder, group: readonly Place<Value>[]): Pack {
  const flat = group.map(({ item }) => reshaped(graph, item, [item.shape.reduce((size, extent) => size * extent, 1)]));
  const { size, parts } = laidOut(group.map(({ index }, at) => ({ index, length: flat[at]!.shape[0]! })));
  const dtype = group[0]!.item.dtype as DType;
  const { name } = graph.output(graph.node("Concat", flat, { shape: [size], dtype }, { axis: 0 }));
  return { name, dtype, size, parts };
}

function laidOut(members: readonly { index: number; length: number }[]): { size: number; parts: PackedPart[] } {
  let size = 0;
  const parts = members.map(({ index, length }) => {
    const start = size;
    size += length;
    return { index, start, length };
  });
  return { size, parts };
}
