import { SemblanceError, ShapeError } from "../errors.js";
import { bind, defineOp } from "../ir/define-op.js";
import type { HostOperator } from "../ir/host-operator.js";
import { realm } from "../ir/realm.js";
import type { Tensor, TensorSpec } from "../ir/tensor.js";
import { add } from "./add.js";

/** One call of a host operator. Its outputs are separate tensors that share the call's id. */
export interface HostCall {
  readonly id: number;
  readonly operator: HostOperator;
  readonly attributes: unknown;
  readonly outputs: readonly TensorSpec[];
}

export interface HostCallAttributes {
  readonly call: HostCall;
  /** Which output of the call this tensor is. */
  readonly index: number;
}

export const hostCallOp = defineOp<"hostCall", HostCallAttributes>("hostCall", {
  infer: (_, { call, index }) => call.outputs[index]!,
  // Several outputs share one derivative, so the engine asks `hostCallCotangents` instead.
  vjp: () => {
    throw new SemblanceError("HOST_CALL_RULE", "the derivative of a host operator belongs to the whole call");
  },
});

/** Calls a host operator from a program: its outputs as tensors. */
export function callHost<Attributes>(
  operator: HostOperator<Attributes>,
  inputs: readonly Tensor[],
  attributes: Attributes,
): Tensor[] {
  const outputs = operator.infer(inputs, attributes);
  const call: HostCall = { id: realm.hostCalls++, operator: operator as HostOperator, attributes, outputs };
  return outputs.map((_, index) => bind(hostCallOp, inputs, { call, index }));
}

/**
 * The cotangents of a call's inputs, given all tensors that are outputs of that call. An output may be among them more than once
 * (a rule that asks for one which nothing reads gets a tensor of its own), and its cotangents are then added up.
 */
export function hostCallCotangents(
  tensors: readonly Tensor[],
  cotangents: ReadonlyMap<Tensor, Tensor>,
): readonly (Tensor | null)[] {
  const { call } = tensors[0]!.attributes as HostCallAttributes;
  const { inputs } = tensors[0]!;
  if (!call.operator.vjp) {
    throw new ShapeError("NOT_DIFFERENTIABLE", `host operator "${call.operator.name}" has no derivative`, {
      where: `host operator "${call.operator.name}"`,
      fix: "Give it a vjp rule, or wrap its inputs in stopGradient.",
    });
  }
  const at = (index: number) => tensors.filter((tensor) => (tensor.attributes as HostCallAttributes).index === index);
  return call.operator.vjp({
    inputs,
    outputs: call.outputs.map((_, index) => at(index)[0] ?? bind(hostCallOp, inputs, { call, index })),
    cotangents: call.outputs.map((_, index) => {
      const parts = at(index).flatMap((tensor) => cotangents.get(tensor) ?? []);
      return parts.length === 0 ? null : parts.reduce(add);
    }),
    attributes: call.attributes,
  });
}
