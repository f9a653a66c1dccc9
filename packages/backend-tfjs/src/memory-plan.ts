import { sizeOf, type Tensor } from "@semblance/core";
import type { Plan, PlannedStep } from "./plan.js";

/** Bytes of a tensor on a device: booleans take one byte, all else four. */
export const bytesOf = ({ dtype, shape }: Pick<Tensor, "dtype" | "shape">) =>
  sizeOf(shape) * (dtype === "bool" ? 1 : 4);

/** Operators whose result lies in the memory of their input. */
const SHARING = new Set(["reshape", "identity", "stopGradient"]);

/** The most bytes that a run makes at a time, beside its inputs and constants. */
export function peakBytes({ steps }: Plan): number {
  const home = new Map<Tensor, Tensor>();
  const users = new Map<Tensor, number>();
  const own = new Set(steps.map(({ tensor }) => tensor));
  let live = 0;
  let peak = 0;
  const release = (tensor: Tensor) => {
    const at = home.get(tensor);
    if (!at) return;
    const left = users.get(at)! - 1;
    users.set(at, left);
    if (left === 0) live -= bytesOf(at);
  };
  for (const step of steps) {
    const { tensor, sources } = step;
    const source = SHARING.has(tensor.op.name) ? sources[0] : undefined;
    if (source) {
      // Memory of an input or a constant is nobody's to count here.
      const at = home.get(source);
      if (at) {
        home.set(tensor, at);
        users.set(at, users.get(at)! + 1);
      }
    } else {
      home.set(tensor, tensor);
      users.set(tensor, 1);
      live += bytesOf(tensor);
    }
    peak = Math.max(peak, live + workspace(step));
    for (const done of step.done) if (own.has(done)) release(done);
  }
  return peak;
}

/** What a kernel makes besides its result, at most. */
function workspace({ tensor, sources }: PlannedStep): number {
  const read = sources.reduce((total, source) => total + bytesOf(source), 0);
  const made = bytesOf(tensor);
  switch (tensor.op.name) {
    case "where":
      return sources.reduce((total, source) => total + (source.size === tensor.size ? 0 : made), 0);
    case "sum":
    case "max":
    case "min":
    case "argMax":
    case "argTopK":
    case "cumulativeSum":
      // Turned so that what is folded lies together, and padded to even blocks.
      return 2 * read + made;
    case "matmul":
      return tensor.rank > 2 ? 2 * (read + made) : 0;
    case "gatherElements":
    case "scatterElements":
      return 3 * read;
    case "conv":
    case "convTranspose":
    case "convFilterGradient":
      return 4 * (read + made) + paddedBytes(tensor);
    case "maxPool":
    case "averagePool":
      return (
        read +
        made * (tensor.attributes as { kernel: readonly number[] }).kernel.reduce((a, b) => a * b, 1) +
        paddedBytes(tensor)
      );
    case "pad":
    case "slice":
      return tensor.rank > 4 ? read + made : 0;
    default:
      return 0;
  }
}

/** The first input with the padding that the attributes tell, three times: as it is, with channels last, and spread by strides. */
function paddedBytes({ inputs: [x], attributes }: Tensor): number {
  const { before, after } = attributes as { before: readonly number[]; after: readonly number[] };
  const spatial = x!.shape.slice(2).map((extent, axis) => extent + before[axis]! + after[axis]!);
  return 3 * 4 * sizeOf([...x!.shape.slice(0, 2), ...spatial]);
}
