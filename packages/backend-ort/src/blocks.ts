import type { Graph, Tensor } from "@semblance/core";

/**
 * Elementwise work on large results, such as an optimizer's update, in blocks that stay in the processor's cache.
 *
 * onnxruntime runs one operator after the other over whole tensors, so that ten operators on a million parameters move everything
 * through memory ten times. Written as a chain of small nodes per block, each block is read and written once: Adam on 784×1200
 * parameters took 8.5 instead of 12.7 ms (1 thread). The whole tensors are never cut: each block is fed, and written, as a view of
 * the buffer that holds all of it.
 */

/** Elements per block and thread: the few arrays that are live at a time fit in a second-level cache of 1 MB. */
export const BLOCK_LENGTH = 1 << 16;
/** Smaller tensors are in the cache anyway. */
const SMALLEST = 1 << 17;
/** A shorter chain saves nothing. */
const SHORTEST_CHAIN = 3;

const ELEMENTWISE = new Set([
  ...["abs", "add", "and", "cast", "ceil", "cos", "div", "equal", "erf", "exp", "floor", "greater", "greaterOrEqual"],
  ...["isNaN", "less", "lessOrEqual", "log", "maximum", "minimum", "mul", "neg", "not", "or", "pow", "relu", "round"],
  ...["sigmoid", "sign", "sin", "sqrt", "stopGradient", "sub", "tanh", "where"],
]);

/** Tensors of one size that are computed block by block, inputs first. Nothing else reads them. */
export interface Region {
  readonly tensors: readonly Tensor[];
  readonly size: number;
}

/** The regions of a graph; regions share no tensor. */
export function findRegions(graph: Graph, order: readonly Tensor[]): Region[] {
  const readers = new Map<Tensor, Tensor[]>(order.map((tensor) => [tensor, []]));
  for (const tensor of order) for (const input of tensor.inputs) readers.get(input)!.push(tensor);
  const outputs = new Set(graph.outputs);
  const inside = new Set<Tensor>();
  for (const tensor of [...order].reverse()) {
    const readBy = readers.get(tensor)!;
    const known = outputs.has(tensor) || readBy.length > 0;
    if (known && isElementwise(tensor) && readBy.every((reader) => inside.has(reader) && reader.size === tensor.size)) {
      inside.add(tensor);
    }
  }
  return connected([...inside].sort((a, b) => a.id - b.id)).filter(({ tensors }) => tensors.length >= SHORTEST_CHAIN);
}

/** Whether element i of the result depends on element i of each operand, or on an operand's only element. */
function isElementwise({ op, size, inputs }: Tensor): boolean {
  return (
    ELEMENTWISE.has(op.name) && size >= SMALLEST && inputs.every((input) => input.size === size || input.size === 1)
  );
}

/** Parts of which none reads another: each is a region that is swept on its own. */
function connected(tensors: readonly Tensor[]): Region[] {
  const parts = new Map<Tensor, Set<Tensor>>();
  for (const tensor of tensors) {
    const part = new Set([tensor]);
    // What shares an operand is swept together too, so that the operand is read once.
    for (const input of tensor.inputs) {
      if (input.size !== tensor.size) continue;
      for (const member of parts.get(input) ?? [input]) part.add(member);
    }
    for (const member of part) parts.set(member, part);
  }
  const members = new Set(tensors);
  return [...new Set(parts.values())].map((part) => {
    const own = [...part].filter((tensor) => members.has(tensor)).sort((a, b) => a.id - b.id);
    return { tensors: own, size: own[0]!.size };
  });
}
