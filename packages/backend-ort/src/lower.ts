import { type Graph, type Tensor, type TensorSpec, topologicalOrder } from "@semblance/core";
import { emptyResult } from "./empty-result.js";
import { type IndexChecks, IndexGuard } from "./index-guard.js";
import type { OrtKernel, Provider } from "./kernel.js";
import { kernels } from "./kernels.js";
import { GraphBuilder, type Value } from "./onnx/graph-builder.js";
import { peepholes } from "./peepholes.js";

/** How one tensor is computed: from which other tensors, and with which nodes. */
export interface Recipe {
  readonly sources: readonly Tensor[];
  emit(values: readonly Value[], graph: GraphBuilder): Value;
}

/** What a peephole may look at beside the tensor itself. */
export interface Surroundings {
  readonly provider: Provider;
  /** Whether nothing but its one reader needs a tensor, so that it may disappear into that reader. */
  isPrivate(tensor: Tensor): boolean;
}

/** Computes a tensor together with some of those that it is made of; undefined where the pattern does not apply. */
export type Peephole = (tensor: Tensor, surroundings: Surroundings) => Recipe | undefined;

export interface LoweredGraph {
  readonly bytes: Uint8Array;
  /** Names of the ONNX inputs by position; undefined for an input that has no elements and is therefore never read. */
  readonly inputs: readonly (string | undefined)[];
  readonly outputs: readonly string[];
  readonly specs: readonly TensorSpec[];
  readonly checks: IndexChecks;
  /** Convolutions vary the sizes of what they allocate, which onnxruntime's memory pattern handles badly. */
  readonly convolves: boolean;
}

/** Writes a graph as one ONNX model. */
export function lower(graph: Graph, provider: Provider): LoweredGraph {
  const builder = new GraphBuilder(graph.name);
  const order = topologicalOrder(graph.outputs);
  const recipes = plan(graph, order, provider);
  const guard = new IndexGuard(graph.inputs);
  const values = new Map<Tensor, Value>();
  const inputs = graph.inputs.map((tensor, index) => {
    const value = builder.input(`input_${index}`, tensor);
    values.set(tensor, value);
    return value.name;
  });
  for (const tensor of order) {
    const recipe = recipes.get(tensor);
    if (values.has(tensor) || !recipe) continue;
    const guarded = guard.visit(tensor, values, builder);
    const indices = guarded && tensor.inputs[1];
    const sources = recipe.sources.map((source) => (source === indices ? guarded! : values.get(source)!));
    values.set(tensor, recipe.emit(sources, builder));
  }
  const outputs = graph.outputs.map((tensor) => builder.output(values.get(tensor)!).name);
  guard.finish(builder);
  return {
    bytes: builder.encode(),
    inputs,
    outputs,
    specs: graph.outputs,
    checks: guard.checks,
    convolves: builder.nodes.some(({ op }) => op === "Conv" || op === "ConvTranspose"),
  };
}

/** Recipes of every tensor that the outputs need. What a peephole swallows needs none. */
function plan(graph: Graph, order: readonly Tensor[], provider: Provider): Map<Tensor, Recipe> {
  const readers = new Map<Tensor, number>();
  const count = (tensor: Tensor) => readers.set(tensor, (readers.get(tensor) ?? 0) + 1);
  for (const tensor of order) tensor.inputs.forEach(count);
  graph.outputs.forEach(count);
  const leaves = new Set(graph.inputs);
  const isPrivate = (tensor: Tensor) => readers.get(tensor) === 1 && !leaves.has(tensor);

  const recipes = new Map<Tensor, Recipe>();
  const needed = new Set(graph.outputs);
  for (const tensor of [...order].reverse()) {
    if (!needed.has(tensor) || leaves.has(tensor)) continue;
    const recipe = recipeOf(tensor, { provider, isPrivate });
    recipes.set(tensor, recipe);
    for (const source of recipe.sources) needed.add(source);
  }
  return recipes;
}

function recipeOf(tensor: Tensor, surroundings: Surroundings): Recipe {
  const empty = emptyResult(tensor);
  if (empty) return empty;
  for (const peephole of peepholes) {
    const recipe = peephole(tensor, surroundings);
    if (recipe) return recipe;
  }
  const { provider } = surroundings;
  const kernel = kernels[tensor.op.name as keyof typeof kernels] as OrtKernel<unknown>;
  return {
    sources: tensor.inputs,
    emit: (inputs, graph) => kernel({ graph, provider, inputs, attributes: tensor.attributes, to: tensor }),
  };
}
