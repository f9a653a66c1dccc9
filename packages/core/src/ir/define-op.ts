import { notATensor } from "./not-a-tensor.js";
import { Tensor, type TensorSpec } from "./tensor.js";

/** What a vector–Jacobian product is written from: inputs x, output y and the cotangent dy of y. */
export interface VjpContext<Attributes> {
  readonly inputs: readonly Tensor[];
  readonly y: Tensor;
  readonly dy: Tensor;
  readonly attributes: Attributes;
}

/** The cotangent of each input; null where none flows. Shapes may be broadcast: the engine sums them back. */
export type Vjp<Attributes> = (context: VjpContext<Attributes>) => readonly (Tensor | null)[];

export interface OpRules<Attributes> {
  /** The shape and element type of the result; throws a ShapeError when the inputs do not fit. */
  infer(inputs: readonly TensorSpec[], attributes: Attributes): TensorSpec;
  /** `"none"` for an operator whose result does not vary smoothly with any input, so that its derivative is zero. */
  readonly vjp: Vjp<Attributes> | "none";
}

/** A primitive: a name, a shape rule and a derivative. Backends give it numbers. */
export interface Op<Name extends string, Attributes> extends OpRules<Attributes> {
  readonly name: Name;
}

// biome-ignore lint/suspicious/noExplicitAny: attributes differ per operator; the closed table in ops/ restores their types.
export type AnyOp = Op<string, any>;

export function defineOp<Name extends string, Attributes = null>(
  name: Name,
  rules: OpRules<Attributes>,
): Op<Name, Attributes> {
  return { name, ...rules };
}

/** Applies an operator to tensors: this is where tracing happens, and where a wrong shape is reported. */
export function bind<Attributes>(
  op: Op<string, Attributes>,
  inputs: readonly Tensor[],
  attributes: Attributes,
): Tensor {
  for (const input of inputs) {
    if (!(input instanceof Tensor)) {
      throw notATensor(input, `${op.name}: expected tensors, got ${describe(input)}`, {
        where: `operator "${op.name}"`,
        fix: "Arrays enter a program as inputs, carries or constant(...); numbers stand only where a tensor stands beside them.",
      });
    }
  }
  const { shape, dtype } = op.infer(inputs, attributes);
  return new Tensor(op, inputs, attributes, shape, dtype);
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value === "object" ? (value.constructor?.name ?? "an object") : typeof value;
}
