import { isFloat } from "../arrays/dtype.js";
import { sameShape, showShape } from "../arrays/nd-array.js";
import { ShapeError } from "../errors.js";
import { zerosLike } from "../functions/constants.js";
import { sumTo } from "../functions/sum-to.js";
import { constant } from "../ops/constant.js";
import { type HostCall, type HostCallAttributes, hostCallCotangents } from "../ops/host-call.js";
import { identity } from "../ops/identity.js";
import { addCotangents } from "./add-cotangents.js";
import { broadcastShapes } from "./rules.js";
import { type Tensor, topologicalOrder } from "./tensor.js";

/**
 * Vector–Jacobian product: the cotangents of `wrt` given the cotangent `dy` of `y`.
 *
 *     x̄ = ȳᵀ · ∂y/∂x
 *
 * A tensor that `y` does not depend on gets zeros. The result is made of the same primitives as any other tensor, so it can be
 * differentiated again. `dy` has the shape of `y`, or one that broadcasts to it.
 *
 * @throws ShapeError COTANGENT_MISMATCH
 */
export function vjp(y: Tensor, wrt: readonly Tensor[], dy: Tensor): Tensor[] {
  requireCotangent(y, dy);
  const targets = new Set(wrt);
  const order = topologicalOrder([y]);
  // Only tensors between the targets and y take part: everything else is constant here.
  const active = new Set<Tensor>();
  for (const tensor of order) {
    if (!isFloat(tensor.dtype)) continue;
    // Where an operator has no derivative the way ends: what comes after stopGradient needs no rules.
    const flows = tensor.op.vjp !== "none" && tensor.inputs.some((input) => active.has(input));
    if (targets.has(tensor) || flows) active.add(tensor);
  }

  const cotangents = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, cotangent: Tensor) => {
    // Broadcasting is undone here, once, and never inside a rule.
    const summed = sumTo(cotangent, tensor.shape);
    const held = cotangents.get(tensor);
    cotangents.set(tensor, held ? addCotangents(held, summed) : summed);
  };
  if (active.has(y)) accumulate(y, dy);

  const calls = groupHostCalls(order);
  for (const tensor of order.reverse()) {
    if (!tensor.inputs.some((input) => active.has(input)) || tensor.op.vjp === "none") continue;
    let inputCotangents: readonly (Tensor | null)[];
    if (tensor.op.name === "hostCall") {
      const outputs = calls.get((tensor.attributes as HostCallAttributes).call)!;
      // A rule may have asked for another output long after the first, so only at the oldest one are all cotangents complete.
      if (tensor !== outputs[0] || !outputs.some((output) => cotangents.has(output))) continue;
      inputCotangents = hostCallCotangents(outputs, cotangents);
    } else {
      const cotangent = cotangents.get(tensor);
      if (!cotangent) continue;
      inputCotangents = tensor.op.vjp({
        inputs: tensor.inputs,
        y: tensor,
        dy: cotangent,
        attributes: tensor.attributes,
      });
    }
    tensor.inputs.forEach((input, position) => {
      const flowing = inputCotangents[position];
      if (flowing && active.has(input)) accumulate(input, flowing);
    });
  }
  return wrt.map((tensor) => cotangents.get(tensor) ?? zerosLike(tensor));
}

/** The tensors that are outputs of one host call, oldest first. */
function groupHostCalls(order: readonly Tensor[]): Map<HostCall, Tensor[]> {
  const calls = new Map<HostCall, Tensor[]>();
  for (const tensor of order) {
    if (tensor.op.name !== "hostCall") continue;
    const { call } = tensor.attributes as HostCallAttributes;
    calls.set(call, [...(calls.get(call) ?? []), tensor]);
  }
  return calls;
}

/**
 * The gradients of a scalar with respect to tensors that it was computed from.
 *
 * @throws ShapeError GRADIENT_OF_NON_SCALAR, GRADIENT_OF_INTEGER
 */
export function gradients(of: Tensor, wrt: readonly Tensor[]): Tensor[] {
  requireDifferentiable(of, wrt);
  return vjp(of, wrt, constant({ dtype: of.dtype, shape: of.shape, data: onesFor(of) }));
}

/**
 * The gradient of a function of one tensor. A function with more than one output element is differentiated as the sum of its
 * elements, so that a function that treats rows independently gets every row's gradient at once.
 *
 * ```ts
 * const slope = grad((x) => sum(square(x))); // slope(x) is 2x
 * ```
 */
export function grad(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  return (x) => {
    // A fresh alias keeps tensors that f merely closes over apart from its argument, even where they are computed from it.
    const argument = identity(x);
    const y = f(argument);
    requireFloats([y, argument]);
    return vjp(y, [argument], constant({ dtype: y.dtype, shape: y.shape, data: onesFor(y) }))[0]!;
  };
}

function onesFor(tensor: Tensor): Float32Array | Float64Array {
  const Constructor = tensor.dtype === "float64" ? Float64Array : Float32Array;
  return new Constructor(tensor.size).fill(1);
}

function requireDifferentiable(of: Tensor, wrt: readonly Tensor[]): void {
  if (of.size !== 1) {
    throw new ShapeError("GRADIENT_OF_NON_SCALAR", `a gradient needs a scalar, not ${of.dtype}${showShape(of.shape)}`, {
      fix: "Reduce it with sum(...) or mean(...) first, or use vjp with a cotangent.",
    });
  }
  requireFloats([of, ...wrt]);
}

function requireFloats(tensors: readonly Tensor[]): void {
  for (const tensor of tensors) {
    if (!isFloat(tensor.dtype)) {
      throw new ShapeError("GRADIENT_OF_INTEGER", `${tensor} is not a floating-point tensor and has no gradient`);
    }
  }
}

function requireCotangent(y: Tensor, dy: Tensor): void {
  const fits = dy.rank <= y.rank && sameShape(broadcastShapes("vjp", [dy.shape, y.shape]), y.shape);
  if (fits && dy.dtype === y.dtype) return;
  throw new ShapeError("COTANGENT_MISMATCH", `a cotangent of ${dy} cannot belong to ${y}`, {
    fix: "A cotangent has the type of the value and its shape, or one that broadcasts to it.",
  });
}
