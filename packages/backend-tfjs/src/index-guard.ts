import type { AttributesOf, Tensor, TypedArray } from "@semblance/core";
import { indexOutOfRange } from "./errors.js";
import type { Operations } from "./operations.js";
import type { TfTensor } from "./tf-api.js";

/** How the indices of one operator are made sure of. */
export type IndexCheck =
  /** They enter the graph from outside, as its input of this position: read before the run where the host has them. */
  | { readonly kind: "fed"; readonly input: number; readonly op: string; readonly extent: number }
  /** They are computed: clipped where they are used, with a flag that is read after the run. */
  | { readonly kind: "computed"; readonly op: string; readonly extent: number };

/** Operators that neither make nor leave out elements. */
const REORDERING = new Set(["expand", "identity", "reshape", "stopGradient", "transpose"]);
const IN_RANGE = new Set(["argMax", "argTopK"]);

/**
 * The check that the indices of a tensor need, if any: TensorFlow.js reads and writes whatever lies beyond an axis.
 *
 * @throws ShapeError INDEX_OUT_OF_RANGE for a constant that is wrong
 */
export function indexCheck(tensor: Tensor, inputs: ReadonlyMap<Tensor, number>): IndexCheck | undefined {
  const extent = indexedExtent(tensor);
  const indices = tensor.inputs[1];
  if (extent === undefined || !indices || indices.size === 0 || tensor.size === 0) return undefined;
  const op = tensor.op.name;
  let source = indices;
  while (REORDERING.has(source.op.name) && !inputs.has(source)) source = source.inputs[0]!;
  const input = inputs.get(source);
  if (input !== undefined) return { kind: "fed", input, op, extent };
  if (source.op.name === "constant") {
    requireIndices((source.attributes as AttributesOf<"constant">).value.data, op, extent);
    return undefined;
  }
  return isInRange(source, extent) ? undefined : { kind: "computed", op, extent };
}

/** @throws ShapeError INDEX_OUT_OF_RANGE */
export function requireIndices(indices: TypedArray, op: string, extent: number): void {
  for (const index of indices) if (index < 0 || index >= extent) throw indexOutOfRange(op, index, extent);
}

/** Indices made harmless, and whether they had to be: a flag that is true where one was out of range. */
export function clippedIndices(
  tf: Operations,
  indices: TfTensor,
  extent: number,
): { clipped: TfTensor; flag: TfTensor } {
  const flat = tf.reshape(indices, [indices.size]);
  const raised = tf.run("Maximum", { a: flat, b: tf.scalar(0, "int32") });
  const clipped = tf.run("Minimum", { a: raised, b: tf.scalar(Math.max(extent - 1, 0), "int32") });
  const outside = tf.run("NotEqual", { a: flat, b: clipped });
  const flag = tf.run("Any", { x: outside }, { axis: [0], keepDims: false });
  return { clipped: tf.reshape(clipped, indices.shape), flag };
}

/** How many elements there are to choose from; undefined for a tensor that does not take indices. */
function indexedExtent(tensor: Tensor): number | undefined {
  switch (tensor.op.name) {
    case "gather":
    case "gatherElements":
      return tensor.inputs[0]!.shape[(tensor.attributes as AttributesOf<"gather">).axis];
    case "scatterElements":
      return (tensor.attributes as AttributesOf<"scatterElements">).size;
    default:
      return undefined;
  }
}

function isInRange(source: Tensor, extent: number): boolean {
  if (!IN_RANGE.has(source.op.name)) return false;
  const { axis } = source.attributes as AttributesOf<"argMax">;
  return source.inputs[0]!.shape[axis]! <= extent;
}
