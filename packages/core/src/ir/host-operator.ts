import type { NdArray } from "../arrays/nd-array.js";
import type { Tensor, TensorSpec } from "./tensor.js";

/** What a host operator's derivative is written from. A cotangent is null where nothing depends on that output. */
export interface HostVjpContext<Attributes> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly cotangents: readonly (Tensor | null)[];
  readonly attributes: Attributes;
}

/**
 * A function on arrays that stands inside a program: what the primitives cannot say, such as an optimal-transport solver.
 * Core cuts the program around it, so that backends never see it.
 */
export interface HostOperator<Attributes = unknown> {
  readonly name: string;
  /** Shapes and element types of the outputs. */
  infer(inputs: readonly TensorSpec[], attributes: Attributes): readonly TensorSpec[];
  /** The arrays of one call. It must not change its inputs, and must give the same outputs for the same inputs. */
  run(inputs: readonly NdArray[], attributes: Attributes): readonly NdArray[] | Promise<readonly NdArray[]>;
  /** Cotangents of the inputs, made of primitives or host operators; left out where there is no derivative. */
  vjp?(context: HostVjpContext<Attributes>): readonly (Tensor | null)[];
}

export function defineHostOperator<Attributes>(operator: HostOperator<Attributes>): HostOperator<Attributes> {
  return operator;
}
