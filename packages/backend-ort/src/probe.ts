import { deviceUnavailable } from "./errors.js";
import type { Provider } from "./kernel.js";
import { GraphBuilder } from "./onnx/graph-builder.js";
import type { Runtime } from "./runtime.js";

/**
 * Makes and runs a session of one node on a device, which is the only sure way to learn whether it is there.
 *
 * @throws BackendUnavailableError ORT_DEVICE_UNAVAILABLE with onnxruntime's reason.
 */
export async function probe(runtime: Runtime, provider: Provider): Promise<void> {
  const graph = new GraphBuilder("probe");
  const x = graph.input("x", { shape: [1], dtype: "float32" });
  const y = graph.output(graph.node("Add", [x, x], x));
  try {
    const session = await runtime.InferenceSession.create(graph.encode(), {
      executionProviders: [provider],
      logSeverityLevel: 4,
      intraOpNumThreads: 1,
    });
    try {
      const results = await session.run({ x: new runtime.Tensor("float32", Float32Array.of(21), [1]) });
      const [sum] = results[y.name]!.data as Float32Array;
      if (sum !== 42) throw new Error(`21 + 21 came out as ${sum}`);
    } finally {
      await session.release();
    }
  } catch (cause) {
    throw deviceUnavailable(provider, cause);
  }
}
