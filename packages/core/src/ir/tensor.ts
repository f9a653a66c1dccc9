import type { DType } from "../arrays/dtype.js";
import { type Shape, showShape, sizeOf } from "../arrays/nd-array.js";
import { VERSION } from "../version.js";
import type { AnyOp } from "./define-op.js";
import { realm } from "./realm.js";

/** What is known of a tensor before any number is: its shape and element type. */
export interface TensorSpec<D extends DType = DType> {
  readonly shape: Shape;
  readonly dtype: D;
}

/** Holds the version of core that made a tensor, for all copies of core to read. */
const BRAND: unique symbol = Symbol.for("@semblance/core:tensor") as never;

/**
 * A symbolic tensor: the result of one operator on other tensors. It holds no numbers.
 *
 * Tensors are immutable and an input always has a smaller `id` than what is computed from it, so that sorting by `id` is a
 * topological order of any graph. `instanceof Tensor` holds for those of every copy of this version of core.
 */
export class Tensor implements TensorSpec {
  readonly id = realm.tensors++;

  constructor(
    readonly op: AnyOp,
    readonly inputs: readonly Tensor[],
    readonly attributes: unknown,
    readonly shape: Shape,
    readonly dtype: DType,
  ) {}

  static [Symbol.hasInstance](value: unknown): value is Tensor {
    return coreVersionOf(value) === VERSION;
  }

  get [BRAND](): string {
    return VERSION;
  }

  get rank(): number {
    return this.shape.length;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  toString(): string {
    return `${this.op.name}#${this.id}: ${this.dtype}${showShape(this.shape)}`;
  }
}

/** The version of core that made a tensor; undefined for what is no tensor. */
export function coreVersionOf(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? (value as { [BRAND]?: string })[BRAND] : undefined;
}

/** Every tensor that `results` depend on, themselves included, inputs first. */
export function topologicalOrder(results: Iterable<Tensor>): Tensor[] {
  const seen = new Set<Tensor>();
  const stack = [...results];
  for (let tensor = stack.pop(); tensor; tensor = stack.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    for (const input of tensor.inputs) if (!seen.has(input)) stack.push(input);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
