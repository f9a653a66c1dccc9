/**
 * One training step of an MLP 784-1200-10 with GEMINI MMD one-vs-all (linear kernel) and Adam, batch 500, float32, beside
 *
 * - the bare matrix products of that step in onnxruntime: what no implementation on it can go below, and
 * - the same step in PyTorch on the processor, run eagerly, where it is installed.
 *
 * Run alone: node bench/mlp-step.mjs [--peers] [--threads=1,2]. The Python with PyTorch is `python3`, or what SEMBLANCE_PYTHON names.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ortBackend } from "@semblance/backend-ort";
import {
  createCatalogue,
  createLearner,
  initialState,
  Key,
  ndarray,
  scalarFeeds,
  traceTrainStep,
} from "@semblance/core";
import { geminiPlugin } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";
import * as ort from "onnxruntime-node";
import { GraphBuilder } from "../packages/backend-ort/dist/onnx/graph-builder.js";
import { sessionOptions } from "../packages/backend-ort/dist/session-options.js";

const BATCH = 500;
const FEATURES = 784;
const HIDDEN = 1200;
const CLUSTERS = 10;
const WARM_UP = 10;
const STEPS = 60;
/** Steps timed in a row before the next contestant: what else the machine does hits all of them alike. */
const ROUND = 6;

const sizeOf = (shape) => shape.reduce((product, extent) => product * extent, 1);

/** The step that `semblance train` runs: the same model, loss, optimizer and trace. */
async function semblanceStep(threads, x) {
  const learner = createLearner({
    catalogue: createCatalogue([geminiPlugin, modelsPlugin]),
    data: { name: "noise", features: x },
    model: { name: "mlp", hidden: [HIDDEN], activation: "relu" },
    loss: { name: "gemini/mmd-ova", clusters: CLUSTERS, kernel: "linear" },
    optimizer: "adam",
  });
  const backend = await ortBackend({
    threads,
    ...(process.env.ORT_PROFILE ? { profile: process.env.ORT_PROFILE } : {}),
  });
  const start = initialState(learner, Key.fromSeed(0), "float32");
  const executable = await backend.compile(traceTrainStep(learner, start, { float: "float32", batchSize: BATCH }));
  await executable.write(start);
  const indices = ndarray("int32", [BATCH], new Int32Array(BATCH));
  let step = 0;
  return {
    run: () => executable.run({ data: x, indices, ...scalarFeeds(learner, ++step, 1e-3, "float32") }),
    dispose: () => backend.dispose(),
  };
}

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

/** The PyTorch peer as a process that does one round of steps for each line that it is sent. */
function pytorchStep(threads) {
  const script = fileURLToPath(new URL("./peers/mlp-step.py", import.meta.url));
  const child = spawn(process.env.SEMBLANCE_PYTHON ?? "python3", [script, String(threads)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((_, reject) => child.once("error", reject));
  return {
    async round(steps) {
      child.stdin.write(`${steps}\n`);
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) throw new Error("the PyTorch peer ended; is torch installed?");
      return JSON.parse(value).ms;
    },
    dispose: () => child.stdin.end(),
  };
}

async function timed(contestant, steps) {
  const times = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    await contestant.run();
    times.push(performance.now() - start);
  }
  return times;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

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
    const step = await semblanceStep(count, x);
    const bare = await bareProducts(count);
    const torch = peers ? pytorchStep(count) : undefined;
    const times = { step: [], bare: [], torch: [] };
    try {
      await timed(step, WARM_UP);
      await timed(bare, WARM_UP);
      await torch?.round(WARM_UP);
      for (let done = 0; done < STEPS; done += ROUND) {
        times.bare.push(...(await timed(bare, ROUND)));
        times.step.push(...(await timed(step, ROUND)));
        if (torch) times.torch.push(...(await torch.round(ROUND)));
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = process.argv.find((argument) => argument.startsWith("--threads="));
  const threads = option ? option.slice("--threads=".length).split(",").map(Number) : [1, 2];
  console.table(await rows({ peers: process.argv.includes("--peers"), threads }));
}
