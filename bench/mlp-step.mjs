/**
 * One training step of an MLP 784-1200-10 with GEMINI MMD one-vs-all (linear kernel) and Adam, batch 500, float32, beside
 *
 * - the bare matrix products of that step in onnxruntime: what no implementation on it can go below, and
 * - the same step in PyTorch on the processor, run eagerly, where it is installed.
 *
 * Run alone: node bench/mlp-step.mjs [--peers] [--threads=1,2]. The Python with PyTorch is `python3`, or what SEMBLANCE_PYTHON names.
 */
import { ortBackend } from "@semblance/backend-ort";
import { Key, ndarray } from "@semblance/core";
import * as ort from "onnxruntime-node";
import { GraphBuilder } from "../packages/backend-ort/dist/onnx/graph-builder.js";
import { sessionOptions } from "../packages/backend-ort/dist/session-options.js";
import { median, timesOf } from "./support/clock.mjs";
import { pythonPeer } from "./support/python-peer.mjs";
import { runAlone } from "./support/run-alone.mjs";
import { CLUSTERS, ortOptions, trainingStep } from "./support/training-step.mjs";

const BATCH = 500;
const FEATURES = 784;
const HIDDEN = 1200;
const WARM_UP = 10;
const STEPS = 60;
/** Steps timed in a row before the next contestant: what else the machine does hits all of them alike. */
const ROUND = 6;

const sizeOf = (shape) => shape.reduce((product, extent) => product * extent, 1);

/** The step's six matrix products alone, transposed factors read where they are (our step copies one: it is faster). One small result is fetched. */
async function bareProducts(threads) {
  const graph = new GraphBuilder("bare");
  const matrix = (name, ...shape) => graph.input(name, { shape, dtype: "float32" });
  const gemm = (a, b, { transA = 0, transB = 0 } = {}) =>
    graph.node(
      "Gemm",
      [a, b],
      { shape: [a.shape[transA ? 1 : 0], b.shape[transB ? 0 : 1]], dtype: "float32" },
      { transA, transB },
    );
  const x = matrix("x", BATCH, FEATURES);
  const w1 = matrix("w1", FEATURES, HIDDEN);
  const w2 = matrix("w2", HIDDEN, CLUSTERS);
  const small = matrix("small", BATCH, CLUSTERS);
  const hidden = gemm(x, w1);
  const logits = gemm(hidden, w2);
  const results = [
    gemm(x, logits, { transA: 1 }),
    gemm(hidden, small, { transA: 1 }),
    gemm(x, gemm(small, w2, { transB: 1 }), { transA: 1 }),
  ].map((value) => graph.output(value));
  const session = await ort.InferenceSession.create(
    graph.encode(),
    sessionOptions({ provider: "cpu", threads, convolves: false }),
  );
  const key = Key.fromSeed(1);
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }) => [
      name,
      new ort.Tensor("float32", Float32Array.from(key.fold(name).normal(sizeOf(shape))), shape),
    ]),
  );
  return { run: () => session.run(feeds, [results[0].name]), dispose: () => session.release() };
}

/**
 * The rows of the benchmark table. Medians of 60 steps after warm-up, contestants taking turns.
 *
 * @param {{ peers?: boolean, threads?: number | readonly number[] }} [options]
 */
export async function rows({ peers = false, threads = [1, 2] } = {}) {
  const table = [];
  for (const count of [threads].flat()) {
    const key = Key.fromSeed(2);
    const x = ndarray("float32", [BATCH, FEATURES], key.uniform(BATCH * FEATURES));
    const model = { name: "mlp", hidden: [HIDDEN], activation: "relu" };
    const step = await trainingStep({ backend: await ortBackend(ortOptions(count)), model, x });
    const bare = await bareProducts(count);
    const torch = peers
      ? pythonPeer("network-step.py", { needs: "torch", arguments: ["mlp", count, "clock"] })
      : undefined;
    const times = { step: [], bare: [], torch: [] };
    try {
      await timesOf(step.run, WARM_UP);
      await timesOf(bare.run, WARM_UP);
      await torch?.ask(WARM_UP);
      for (let done = 0; done < STEPS; done += ROUND) {
        times.bare.push(...(await timesOf(bare.run, ROUND)));
        times.step.push(...(await timesOf(step.run, ROUND)));
        if (torch) times.torch.push(...(await torch.ask(ROUND)).ms);
      }
    } finally {
      await step.dispose();
      await bare.dispose();
      torch?.dispose();
    }
    const row = (peer, peerTimes, target) => {
      const [ms, peerMs] = [median(times.step), median(peerTimes)];
      const name = `MLP 784-1200-10, MMD-OvA, Adam, batch 500, ${count} thread${count === 1 ? "" : "s"}`;
      table.push({ name, peer, ms, peerMs, ratio: ms / peerMs, target });
    };
    row("bare matrix products (onnxruntime)", times.bare, 1.35);
    if (torch) row("PyTorch, eager", times.torch, 0.7);
  }
  return table;
}

await runAlone(import.meta.url, rows, { threads: "numbers" });
