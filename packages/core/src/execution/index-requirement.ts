import type { TypedArray } from "../arrays/dtype.js";
import { ShapeError } from "../errors.js";
import type { Tensor } from "../ir/tensor.js";
import type { AttributesOf } from "../ops/index.js";

/** How a backend has to make sure of the indices of one operator. */
export type IndexRequirement =
  /** They enter the graph from outside, as its input of this position: read them before the run. */
  | { readonly kind: "fed"; readonly input: number; readonly op: string; readonly extent: number }
  /** They are computed: clip them where they are used, and tell after the run whether that changed one. */
  | { readonly kind: "computed"; readonly op: string; readonly extent: number };

/** Operators that neither make nor leave out elements. */
const REORDERING = new Set(["expand", "identity", "reshape", "stopGradient", "transpose"]);
const IN_RANGE = new Set(["argMax", "argTopK"]);

/**
 * What the indices of a tensor need, if anything. An index out of range must be an error and not a wrong number: runtimes count
 * negative indices from the end, or read and write whatever lies beyond an axis.
 *
 * @param inputs the graph's inputs with their positions
 * @throws ShapeError INDEX_OUT_OF_RANGE for a constant that is wrong
 */
export function indexRequirement(tensor: Tensor, inputs: ReadonlyMap<Tensor, number>): IndexRequirement | undefined {
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

/** The error for an index that no element has; without the index where only its being wrong is known. */
export function indexOutOfRange(op: string, index: number | undefined, extent: number): ShapeError {
  const what = index === undefined ? "an index" : `index ${index}`;
  return new ShapeError("INDEX_OUT_OF_RANGE", `${op}: ${what} on an axis with ${extent} elements`, {
    where: `operator "${op}"`,
    fix: `Indices are whole numbers from 0 to ${extent - 1}.`,
  });
}

/** The error for an index that is there twice although it was vouched for that none is. */
export function indexTwice(op: string, index: number): ShapeError {
  return new ShapeError(
    "INDEX_TWICE",
    `${op}: index ${index} is there twice among indices that were vouched to be distinct`,
    {
      where: `operator "${op}"`,
      fix: "Use gather instead of gatherDistinct where a slice may be taken twice.",
    },
  );
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
