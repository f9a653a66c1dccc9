import { backendFromDevice, exp, log, ndarray, relu, sigmoid, slice, tanh } from "@semblance/core";
import { backendChecks } from "@semblance/core/checks";
import * as onnxruntime from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { lower } from "../src/lower.js";
import { GraphBuilder } from "../src/onnx/graph-builder.js";
import type { Runtime } from "../src/runtime.js";
import { SessionGraph } from "../src/session-graph.js";
import { webgpuKernels } from "../src/webgpu/kernels.js";
import { proveConvolutions } from "../src/webgpu/prove-convolutions.js";
import { expectLikeReference } from "./compare.js";

/** Graphs as they are written for WebGPU, run on the processor: whether what is composed means the same can be tested anywhere. */
const lowered = () =>
  backendFromDevice({
    name: "ort lowered for webgpu",
    device: "processor",
    float: "float32",
    async compile(graph) {
      const { model, ...rest } = lower(graph, "webgpu");
      const session = await onnxruntime.InferenceSession.create(model.encode(), { intraOpNumThreads: 1 });
      return new SessionGraph({ runtime: onnxruntime, session, graph, lowered: rest, intoBuffers: false });
    },
    upload: (array) => array,
    download: (array) => array,
    release: () => {},
    dispose: async () => {},
  });

describe("graphs written for WebGPU", () => {
  const names = new Set([...Object.keys(webgpuKernels), "conv", "convTranspose", "convFilterGradient"]);
  const checks = backendChecks(lowered).filter(({ group }) => names.has(group));

  it("has checks of everything that is written otherwise", () => {
    expect(new Set(checks.map(({ group }) => group))).toEqual(names);
  });

  for (const { title, run } of checks) it(title, run);

  it("keep NaN", async () => {
    const x = ndarray("float32", [4], [Number.NaN, 0.25, Number.NaN, -3]);
    const through = (f: typeof exp) => expectLikeReference(lowered(), [x], f, { tolerance: 2e-6 });
    for (const f of [exp, log, relu, sigmoid, tanh]) await through(f);
  });

  it("begin every backward slice at the last element", async () => {
    const x = ndarray(
      "float32",
      [2, 7],
      Float32Array.from({ length: 14 }, (_, index) => index),
    );
    for (let start = 0; start < 7; start++) {
      for (const step of [-1, -2, -3]) {
        await expectLikeReference(lowered(), [x], (t) => slice(t, { axis: 1, start, step }), { tolerance: 0 });
      }
    }
  });
});

describe("proveConvolutions", () => {
  const model = () => {
    const graph = new GraphBuilder("model");
    const x = graph.input("x", { shape: [3, 2, 5, 5], dtype: "float32" });
    const w = graph.input("w", { shape: [4, 2, 3, 3], dtype: "float32" });
    graph.output(graph.node("Conv", [x, w], { shape: [3, 4, 3, 3], dtype: "float32" }));
    return graph;
  };

  /** onnxruntime with a graphics device that is the processor, except for what it does to results. */
  function withDevice(spoil: (result: Float32Array) => void) {
    const made: string[] = [];
    const create = async (bytes: Uint8Array, options: onnxruntime.InferenceSession.SessionOptions) => {
      const [provider] = options.executionProviders as [string];
      made.push(provider);
      const session = await onnxruntime.InferenceSession.create(bytes, { ...options, executionProviders: ["cpu"] });
      return {
        release: () => session.release(),
        async run(feeds: onnxruntime.InferenceSession.FeedsType) {
          const results = await session.run(feeds);
          if (provider === "webgpu") for (const { data } of Object.values(results)) spoil(data as Float32Array);
          return results;
        },
      };
    };
    const runtime = { ...onnxruntime, InferenceSession: { create } } as unknown as Runtime;
    return { runtime, made };
  }

  it("passes a device that is right, and asks it once", async () => {
    const { runtime, made } = withDevice(() => {});
    await proveConvolutions(runtime, model());
    await proveConvolutions(runtime, model());
    expect(made).toEqual(["webgpu", "cpu"]);
  });

  it.each([
    ["wrong", 0.5],
    ["not a number", Number.NaN],
  ])("refuses one where an element is %s, by the primitive's name, every time", async (_, value) => {
    const { runtime } = withDevice((result) => {
      result[7] = value;
    });
    for (let time = 0; time < 2; time++) {
      await expect(proveConvolutions(runtime, model())).rejects.toMatchObject({
        code: "PRIMITIVE_WRONG",
        where: 'operator "conv" on backend "ort/webgpu"',
        message: expect.stringMatching(/conv: \[2, 2, 5, 5\] by \[4, 2, 3, 3\] .* element 7/),
      });
    }
  });
});
