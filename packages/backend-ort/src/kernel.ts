import type { AttributesOf, OpName, TensorSpec } from "@semblance/core";
import type { GraphBuilder, Value } from "./onnx/graph-builder.js";

/** onnxruntime's execution providers that we run on. */
export type Provider = "cpu" | "cuda" | "webgpu";

/** What a primitive is lowered from: its inputs as values of the ONNX graph, and the shape and type of its result. */
export interface KernelCall<Attributes> {
  readonly graph: GraphBuilder;
  readonly provider: Provider;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly to: TensorSpec;
}

/** Adds the nodes of one primitive to the graph. Neither an input nor the result is ever empty: `lower` keeps those away. */
export type OrtKernel<Attributes> = (call: KernelCall<Attributes>) => Value;

/** Leaves and host calls are not computed by kernels. */
export type ComputedOpName = Exclude<OpName, "input" | "hostCall">;

export type KernelTable = { readonly [Name in ComputedOpName]: OrtKernel<AttributesOf<Name>> };
