import * as onnxruntime from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "./onnx/graph-builder.js";
import type { Runtime } from "./runtime.js";
import { uncopiedResults } from "./uncopied-results.js";

function negation() {
  const graph = new GraphBuilder("negation");
  const x = graph.input("x", { shape: [3], dtype: "float32" });
  const y = graph.output(graph.node("Neg", [x], x)).name;
  const z = graph.output(graph.node("Exp", [x], x)).name;
  graph.emptySequenceFirst();
  return { bytes: graph.encode(), y, z };
}

const tensor = (...values: number[]) => new onnxruntime.Tensor("float32", Float32Array.from(values), [values.length]);

/** A runtime that differs from the real one in what running a session does. */
const runtimeThat = (run: (feeds: object, fetches: Record<string, onnxruntime.Tensor | null>) => Promise<unknown>) =>
  ({
    ...onnxruntime,
    InferenceSession: { create: async () => ({ run, release: async () => {} }) },
  }) as unknown as Runtime;

describe("uncopiedResults", () => {
  it("fills every buffer of a run that ends at the sequence", async () => {
    const uncopied = await uncopiedResults(onnxruntime);
    expect(uncopied, "onnxruntime-node 1.30 ends at a sequence").toBeDefined();
    const { bytes, y, z } = negation();
    const session = await onnxruntime.InferenceSession.create(bytes);
    const [first, second] = [tensor(0, 0, 0), tensor(0, 0, 0)];
    await uncopied!.run(session, { x: tensor(1, -2, 0) }, { [y]: first, [z]: second });
    expect(first.data).toEqual(Float32Array.of(-1, 2, -0));
    expect(second.data[2]).toBe(1);
    await session.release();
  });

  it("still rejects when the run itself fails", async () => {
    const uncopied = await uncopiedResults(onnxruntime);
    const { bytes, y } = negation();
    const session = await onnxruntime.InferenceSession.create(bytes);
    const wrongShape = { x: tensor(1, 2) };
    await expect(uncopied!.run(session, wrongShape, { [y]: tensor(0, 0, 0) })).rejects.toThrow(/invalid dimensions/i);
    await session.release();
  });

  it("is given up where sequences are converted, and where buffers are not filled", async () => {
    expect(await uncopiedResults(runtimeThat(async () => ({})))).toBeUndefined();
    const refuses = runtimeThat(() => Promise.reject(new Error("sequences cannot be results")));
    expect(await uncopiedResults(refuses)).toBeUndefined();
  });
});
