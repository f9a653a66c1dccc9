import { type Graph, type Tensor, topologicalOrder } from "@semblance/core";
import { BLOCK_LENGTH, findRegions, type Region } from "./blocks.js";

import { emptyResult } from "./empty-result.js";
import { fuseMatmul, type Surroundings } from "./fuse-matmul.js";
import { fuseRepeat } from "./fuse-repeat.js";
import { fuseRowScatter } from "./fuse-row-scatter.js";
import { fuseSmallConvolution } from "./fuse-small-convolution.js";
import { type IndexChecks, IndexGuard } from "./index-guard.js";
import type { OrtKernel, Provider } from "./kernel.js";
import { reshaped, sliced } from "./kernels/movement.js";
import { kernels } from "./kernels.js";
import { GraphBuilder, type Value } from "./onnx/graph-builder.js";
import { type Pack, packable, packResults, unpack } from "./packs.js";
import { webgpuKernels } from "./webgpu/kernels.js";

/** How one tensor is computed: from which other tensors, and with which nodes. */
export interface Recipe {
  readonly sources: readonly Tensor[];
  /** Which of the sources are indices, where it is not the tensor's own second input. */
  readonly indices?: Tensor;
  emit(values: readonly Value[], graph: GraphBuilder): Value;
}

/** What an input or output of the ONNX model is: a whole input or output of the graph, or a run of its elements. */
export interface Binding {
  readonly name: string;
  /** The position among the graph's inputs, or among its outputs. */
  readonly index: number;
  readonly run?: { readonly start: number; readonly length: number };
}

/** A graph as an ONNX model, and how the two correspond. */
export interface LoweredGraph {
  readonly model: GraphBuilder;
  readonly inputs: readonly Binding[];
  readonly outputs: readonly Binding[];
  /** Inputs and outputs that travel together, beside those that are bound each by itself. */
  readonly packs: { readonly inputs: readonly Pack[]; readonly outputs: readonly Pack[] };
  readonly checks: IndexChecks;
}

/** Writes a graph as one ONNX model, for as many threads as will run each of its operators. */
export function lower(graph: Graph, provider: Provider, threads = 1): LoweredGraph {
  const order = topologicalOrder(graph.outputs);
  // Elsewhere than in main memory a tensor cannot be bound piece by piece.
  const regions = provider === "cpu" ? findRegions(graph, order) : [];
  const lowering = new Lowering(graph, { provider, threads }, new Set(regions.flatMap(({ tensors }) => tensors)));
  lowering.computeWhole(order);
  for (const region of regions) lowering.computeInBlocks(region, BLOCK_LENGTH * threads);
  return lowering.finish();
}

class Lowering {
  readonly #model: GraphBuilder;
  readonly #guard: IndexGuard;
  readonly #leaves: ReadonlyMap<Tensor, number>;
  readonly #outputs: ReadonlyMap<Tensor, number>;
  readonly #values = new Map<Tensor, Value>();
  readonly #inputBindings: Binding[] = [];
  readonly #outputBindings: Binding[] = [];
  readonly #inputPacks: Pack[] = [];
  readonly #outputPacks: Pack[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly means: { readonly provider: Provider; readonly threads: number },
    private readonly blocked: ReadonlySet<Tensor>,
  ) {
    this.#model = new GraphBuilder(graph.name);
    this.#guard = new IndexGuard(graph.inputs);
    this.#leaves = new Map(graph.inputs.map((tensor, index) => [tensor, index]));
    this.#outputs = new Map(graph.outputs.map((tensor, index) => [tensor, index]));
  }

  /** Everything that is not computed in blocks, inputs first. */
  computeWhole(order: readonly Tensor[]): void {
    const { recipes, needed } = this.#plan(order);
    this.#unpackInputs(needed);
    for (const tensor of order) {
      const recipe = recipes.get(tensor);
      if (!recipe) continue;
      // What to read instead of the indices, where they must not be trusted.
      const indices = recipe.indices ?? tensor.inputs[1];
      const guarded = this.#guard.visit(tensor, indices, (source) => this.#whole(source), this.#model);
      const sources = recipe.sources.map((source) => (guarded && source === indices ? guarded : this.#whole(source)));
      this.#values.set(tensor, recipe.emit(sources, this.#model));
    }
    this.#bindWholeOutputs();
  }

  computeInBlocks({ tensors, size }: Region, block: number): void {
    for (let start = 0; start < size; start += block) {
      const run = { start, length: Math.min(block, size - start) };
      const values = new Map<Tensor, Value>();
      for (const tensor of tensors) {
        for (const input of tensor.inputs) {
          if (!values.has(input)) values.set(input, this.#block(input, run));
        }
        const to = { shape: [run.length], dtype: tensor.dtype };
        const inputs = tensor.inputs.map((input) => values.get(input)!);
        const value = this.#emit(tensor, inputs, to);
        values.set(tensor, value);
        const index = this.#outputs.get(tensor);
        if (index !== undefined) this.#bindOutput(value, index, run);
      }
    }
  }

  finish(): LoweredGraph {
    const checks = this.#guard.finish(this.#model);
    return {
      model: this.#model,
      inputs: this.#inputBindings,
      outputs: this.#outputBindings,
      packs: { inputs: this.#inputPacks, outputs: this.#outputPacks },
      checks,
    };
  }

  /** Elsewhere than in main memory there is nothing to copy into. */
  #packable(places: Parameters<typeof packable>[0]): ReturnType<typeof packable> {
    return this.means.provider === "cpu" ? packable(places) : [];
  }

  #unpackInputs(needed: ReadonlySet<Tensor>): void {
    const read = [...this.#leaves].filter(([tensor]) => needed.has(tensor));
    for (const group of this.#packable(read.map(([item, index]) => ({ item, index })))) {
      const { pack, values } = unpack(this.#model, group);
      group.forEach(({ item }, at) => this.#values.set(item, values[at]!));
      this.#inputPacks.push(pack);
    }
  }

  #bindWholeOutputs(): void {
    const whole = this.graph.outputs
      .map((item, index) => ({ item, index }))
      .filter(({ item }) => !this.blocked.has(item));
    const packed = new Set<number>();
    for (const group of this.#packable(whole)) {
      const values = group.map(({ item, index }) => ({ item: this.#whole(item), index }));
      this.#outputPacks.push(packResults(this.#model, values));
      for (const { index } of group) packed.add(index);
    }
    for (const { item, index } of whole) if (!packed.has(index)) this.#bindOutput(this.#whole(item), index);
  }

  /** Recipes of what is needed whole: the results that are not blocked, what blocks read, and what these are made of. */
  #plan(order: readonly Tensor[]): { recipes: ReadonlyMap<Tensor, Recipe>; needed: ReadonlySet<Tensor> } {
    const surroundings = this.#surroundings(order);
    const recipes = new Map<Tensor, Recipe>();
    const needed = new Set(this.graph.outputs);
    for (const tensor of [...order].reverse()) {
      if (!needed.has(tensor) || this.#leaves.has(tensor)) continue;
      if (this.blocked.has(tensor)) {
        for (const input of tensor.inputs) needed.add(input);
        continue;
      }
      const plain: Recipe = {
        sources: tensor.inputs,
        emit: (inputs) => this.#emit(tensor, inputs, tensor),
      };
      const recipe =
        emptyResult(tensor) ??
        fuseRepeat(tensor, surroundings) ??
        fuseMatmul(tensor, surroundings) ??
        fuseRowScatter(tensor, surroundings) ??
        fuseSmallConvolution(tensor, surroundings) ??
        plain;
      recipes.set(tensor, recipe);
      for (const source of recipe.sources) needed.add(source);
    }
    return { recipes, needed };
  }

  #surroundings(order: readonly Tensor[]): Surroundings {
    const readers = new Map<Tensor, Tensor[]>(order.map((tensor) => [tensor, []]));
    for (const tensor of order) for (const input of tensor.inputs) readers.get(input)!.push(tensor);
    const readersOf = (tensor: Tensor) => readers.get(tensor)!;
    const isPrivate = (tensor: Tensor) => readersOf(tensor).length === 1 && !this.#outputs.has(tensor);
    return { ...this.means, readersOf, isPrivate };
  }

  #emit(tensor: Tensor, inputs: readonly Value[], to: Pick<Tensor, "shape" | "dtype">): Value {
    const { provider } = this.means;
    const name = tensor.op.name as keyof typeof kernels;
    const kernel = ((provider === "webgpu" && webgpuKernels[name]) || kernels[name]) as OrtKernel<unknown>;
    return kernel({ graph: this.#model, provider, inputs, attributes: tensor.attributes, to });
  }

  #whole(tensor: Tensor): Value {
    const known = this.#values.get(tensor);
    if (known) return known;
    const index = this.#leaves.get(tensor)!;
    const value = this.#model.input(`input_${index}`, tensor);
    this.#values.set(tensor, value);
    this.#inputBindings.push({ name: value.name, index });
    return value;
  }

  /** A run of an operand's elements in row-major order; an operand of one element goes with every run. */
  #block(tensor: Tensor, run: { readonly start: number; readonly length: number }): Value {
    if (tensor.size === 1) return reshaped(this.#model, this.#whole(tensor), []);
    const index = this.#leaves.get(tensor);
    if (index === undefined) {
      const flat = reshaped(this.#model, this.#whole(tensor), [tensor.size]);
      return sliced(this.#model, flat, { starts: [run.start], sizes: [run.length], steps: [1] });
    }
    const name = `input_${index}_from_${run.start}`;
    const value = this.#model.input(name, { shape: [run.length], dtype: tensor.dtype });
    this.#inputBindings.push({ name, index, run });
    return value;
  }

  #bindOutput(value: Value, index: number, run?: Binding["run"]): void {
    const { name } = this.#model.output(value);
    this.#outputBindings.push(run ? { name, index, run } : { name, index });
  }
}
