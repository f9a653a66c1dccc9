import { sameShape } from "../arrays/nd-array.js";
import { untransposed } from "../functions/matrix-transpose.js";
import { add } from "../ops/add.js";
import { concat } from "../ops/concat.js";
import { matmul } from "../ops/matmul.js";
import { type PadAttributes, pad } from "../ops/pad.js";
import type { Tensor } from "./tensor.js";

/**
 * The sum of two cotangents of one tensor, written as what takes least time:
 *
 *     A·X + B·X = (A + B)·X          as the Gram matrix X·Xᵀ brings about, whose gradient is Ȳ·X + Ȳᵀ·X
 *     [a 0] + [0 b] = [a b]          of neighbouring slices of the tensor
 */
export function addCotangents(held: Tensor, further: Tensor): Tensor {
  const joined = join(held, further);
  if (joined) return joined;
  // What was added last is often the other way by which the same operator reaches the tensor.
  if (held.op.name === "add" && sameShape(held.inputs[0]!.shape, held.shape)) {
    const withLast = join(held.inputs[1]!, further);
    if (withLast) return add(held.inputs[0]!, withLast);
  }
  return add(held, further);
}

const join = (first: Tensor, second: Tensor) => sumOfProducts(first, second) ?? besideOneAnother(first, second);

/** Of fewer columns a product is no dearer than the sum of matrices that would spare it. */
const COLUMNS_WORTH_A_SUM = 8;

function sumOfProducts(first: Tensor, second: Tensor): Tensor | undefined {
  if (first.op.name !== "matmul" || second.op.name !== "matmul") return undefined;
  const [left, right] = first.inputs as [Tensor, Tensor];
  const [other, otherRight] = second.inputs as [Tensor, Tensor];
  const factor = plain(right);
  const fits = factor === plain(otherRight) && sameShape(left.shape, other.shape);
  return fits && factor.shape.at(-1)! >= COLUMNS_WORTH_A_SUM ? matmul(add(left, other), factor) : undefined;
}

/** A tensor without pairs of transposes that undo each other. */
function plain(tensor: Tensor): Tensor {
  const inner = untransposed(tensor);
  const innermost = inner && untransposed(inner);
  return innermost ? plain(innermost) : tensor;
}

function besideOneAnother(first: Tensor, second: Tensor): Tensor | undefined {
  if (first.op.name !== "pad" || second.op.name !== "pad") return undefined;
  const [a, b] = [first.attributes as PadAttributes, second.attributes as PadAttributes];
  if (a.value !== 0 || b.value !== 0 || !sameShape(first.shape, second.shape)) return undefined;
  const unlike = first.shape.flatMap((_, axis) =>
    a.before[axis] === b.before[axis] && a.after[axis] === b.after[axis] ? [] : [axis],
  );
  if (unlike.length !== 1) return undefined;
  const axis = unlike[0]!;
  const extent = first.shape[axis]!;
  if (a.before[axis]! > b.before[axis]!) return besideOneAnother(second, first);
  if (extent - a.after[axis]! !== b.before[axis]!) return undefined;
  return pad(concat([first.inputs[0]!, second.inputs[0]!], axis), { before: a.before, after: b.after });
}
