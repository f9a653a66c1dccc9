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
  add,
  div,
  expand,
  gradients,
  Key,
  matmul,
  matrixTranspose,
  mean,
  mul,
  ndarray,
  relu,
  rootOrZero,
  softmax,
  spec,
  sqrt,
  square,
  sub,
  sum,
  trace,
} from "@semblance/core";
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
const BETA1 = 0.9;
const BETA2 = 0.999;

const shapes = { w1: [FEATURES, HIDDEN], b1: [HIDDEN], w2: [HIDDEN, CLUSTERS], b2: [CLUSTERS] };
const sizeOf = (shape) => shape.reduce((product, extent) => product * extent, 1);

/** Σ_k π_k ‖μ_k − μ‖ with μ_k = XᵀA_k, A = P/(Nπ) and u = 1/N, minimised. */
function mmdLoss(x, posteriors) {
  const proportions = mean(posteriors, { axes: [0] });
  const weights = div(posteriors, mul(proportions, BATCH));
  const difference = matmul(matrixTranspose(x), sub(weights, 1 / BATCH));
  const distances = rootOrZero(sum(square(difference), { axes: [0] }));
  return mul(sum(mul(proportions, distances)), -1);
}

function trainingStep() {
  const carries = Object.fromEntries(
    Object.entries(shapes).flatMap(([name, shape]) =>
      [name, `${name}/mean`, `${name}/square`].map((slot) => [slot, spec("float32", shape)]),
    ),
  );
  return trace({
    name: "mlp-step",
    inputs: { x: spec("float32", [BATCH, FEATURES]), stepSize: spec("float32", []), offset: spec("float32", []) },
    carries,
    build({ x, stepSize, offset }, { w1, b1, w2, b2, ...slots }) {
      const hidden = relu(add(matmul(x, w1), b1));
      const loss = mmdLoss(x, softmax(add(matmul(hidden, w2), b2)));
      const names = Object.keys(shapes);
      const parameters = { w1, b1, w2, b2 };
      const slopes = gradients(
        loss,
        names.map((name) => parameters[name]),
      );
      const next = {};
      names.forEach((name, index) => {
        const gradient = slopes[index];
        const first = add(mul(slots[`${name}/mean`], BETA1), gradient);
        const second = add(mul(slots[`${name}/square`], BETA2), mul(gradient, gradient));
        next[name] = sub(parameters[name], mul(div(first, add(sqrt(second), offset)), stepSize));
        next[`${name}/mean`] = first;
        next[`${name}/square`] = second;
      });
      return { outputs: { loss: expand(loss, []) }, carries: next };
    },
  });
}

/** Scalars of Adam's step t with moments kept without their factors 1 − β. */
function scalars(step) {
  const root = Math.sqrt((1 - BETA2) / (1 - BETA2 ** step));
  const stepSize = (1e-3 * (1 - BETA1)) / ((1 - BETA1 ** step) * root);
  return {
    stepSize: ndarray("float32", [], [stepSize]),
    offset: ndarray("float32", [], [1e-8 / root]),
  };
}

async function semblanceStep(threads, x) {
  const backend = await ortBackend({
    threads,
    ...(process.env.ORT_PROFILE ? { profile: process.env.ORT_PROFILE } : {}),
  });
  const executable = await backend.compile(trainingStep());
  const key = Key.fromSeed(0);
  const start = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const scale = name.startsWith("w") ? Math.sqrt(2 / shape[0]) : 0;
    start[name] = ndarray(
      "float32",
      shape,
      key
        .fold(name)
        .normal(sizeOf(shape))
        .map((value) => value * scale),
    );
    for (const slot of ["mean", "square"])
      start[`${name}/${slot}`] = ndarray("float32", shape, new Float32Array(sizeOf(shape)));
  }
  await executable.write(start);
  let step = 0;
  return {
    run: () => executable.run({ x, ...scalars(++step) }),
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
