import { Key, type Shape, showShape, sizeOf } from "@semblance/core";
import type { Tensor as OrtTensor } from "onnxruntime-node";
import { convolutionWrong } from "../errors.js";
import type { Provider } from "../kernel.js";
import { type Attributes, GraphBuilder, type Node } from "../onnx/graph-builder.js";
import type { Runtime } from "../runtime.js";

/**
 * Runs each convolution of a model once on drawn numbers, on the graphics device and on the processor, and refuses the model where they
 * differ.
 *
 * onnxruntime's WebGPU convolutions choose among many shaders by shape and by the device's maker, and some of them are silently wrong
 * (see the kernels). What is known to be wrong is lowered to something else; this is for what is not known. A shape is proven once per
 * process, with at most two images.
 *
 * @throws BackendError PRIMITIVE_WRONG
 */
export async function proveConvolutions(runtime: Runtime, model: GraphBuilder): Promise<void> {
  const proven = provenBy.get(runtime) ?? new Set<string>();
  provenBy.set(runtime, proven);
  const subjects = new Map<string, Convolution>();
  for (const node of model.nodes) {
    if (PRIMITIVES[node.op] === undefined) continue;
    const subject = single(node, model);
    const key = JSON.stringify(subject);
    if (!proven.has(key)) subjects.set(key, subject);
  }
  if (subjects.size === 0) return;
  await prove(runtime, [...subjects.values()]);
  for (const key of subjects.keys()) proven.add(key);
}

const PRIMITIVES: Readonly<Record<string, string>> = { Conv: "conv", ConvTranspose: "convTranspose" };
const provenBy = new WeakMap<Runtime, Set<string>>();

interface Convolution {
  readonly op: string;
  readonly x: Shape;
  readonly w: Shape;
  readonly y: Shape;
  readonly attributes: Attributes;
}

/** A node by itself, for at most two images. */
function single({ op, inputs, outputs, attributes }: Node, model: GraphBuilder): Convolution {
  const [x, w] = inputs.map((name) => model.specOf(name).shape) as [Shape, Shape];
  const few = ([images, ...rest]: Shape) => [Math.min(images!, 2), ...rest];
  return { op, x: few(x), w, y: few(model.specOf(outputs[0]!).shape), attributes };
}

/** All of them in one model, since a session costs more than its work. */
async function prove(runtime: Runtime, subjects: readonly Convolution[]): Promise<void> {
  const graph = new GraphBuilder("convolutions");
  const feeds: Record<string, OrtTensor> = {};
  const fed = (name: string, shape: Shape) => {
    const numbers = Float32Array.from(Key.fromSeed(1).fold(name).normal(sizeOf(shape)));
    feeds[name] = new runtime.Tensor("float32", numbers, shape);
    return graph.input(name, { shape, dtype: "float32" });
  };
  const results = subjects.map(({ op, x, w, y, attributes }, at) => {
    const operands = [fed(`x${at}`, x), fed(`w${at}`, w)];
    return graph.output(graph.node(op, operands, { shape: y, dtype: "float32" }, attributes)).name;
  });
  const model = graph.encode();
  const runOn = async (provider: Provider) => {
    const options = { executionProviders: [provider], intraOpNumThreads: 1, logSeverityLevel: 4 as const };
    const session = await runtime.InferenceSession.create(model, options);
    try {
      const returned = await session.run(feeds);
      return results.map((name) => returned[name]!.data as Float32Array);
    } finally {
      await session.release();
    }
  };
  const [got, expected] = [await runOn("webgpu"), await runOn("cpu")];
  subjects.forEach(({ op, x, w }, at) => {
    const wrong = firstWrong(got[at]!, expected[at]!);
    if (wrong === -1) return;
    const difference = `element ${wrong} is ${got[at]![wrong]}, on the processor ${expected[at]![wrong]}`;
    throw convolutionWrong(PRIMITIVES[op]!, `${showShape(x)} by ${showShape(w)}`, "webgpu", difference);
  });
}

/** Sums in another order differ by some 1e−6 of the largest; a wrong sum differs by as much as there is. */
function firstWrong(got: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.findIndex((value, index) => !(Math.abs(got[index]! - value) <= 1e-3 * largest));
}
