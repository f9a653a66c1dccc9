/** One training step of a network for pictures beside the same step in PyTorch: GEMINI MMD one-vs-all (linear kernel), Adam, float32. */
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

const CLUSTERS = 10;

const sizeOf = (shape) => shape.reduce((product, extent) => product * extent, 1);
/** Milliseconds on the clock, or of processor time: the fairer measure of one thread on a machine that does other work too. */
const now = (processorTime) => {
  if (!processorTime) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The step that `semblance train` runs: the same model, loss, optimizer and trace. */
async function semblanceStep(model, x, threads, processorTime) {
  const learner = createLearner({
    catalogue: createCatalogue([geminiPlugin, modelsPlugin]),
    data: { name: "noise", features: x },
    model,
    loss: { name: "gemini/mmd-ova", clusters: CLUSTERS, kernel: "linear" },
    optimizer: "adam",
  });
  const profile = process.env.ORT_PROFILE;
  const backend = await ortBackend({ threads, ...(profile ? { profile } : {}) });
  const start = initialState(learner, Key.fromSeed(0), "float32");
  const batchSize = x.shape[0];
  const executable = await backend.compile(traceTrainStep(learner, start, { float: "float32", batchSize }));
  await executable.write(start);
  const indices = ndarray("int32", [batchSize], new Int32Array(batchSize));
  let step = 0;
  return {
    async round(steps) {
      const times = [];
      for (let done = 0; done < steps; done++) {
        const before = now(processorTime);
        await executable.run({ data: x, indices, ...scalarFeeds(learner, ++step, 1e-3, "float32") });
        times.push(now(processorTime) - before);
      }
      return times;
    },
    dispose: async () => {
      await executable.dispose();
      await backend.dispose();
    },
  };
}

/** The PyTorch peer as a process that does one round of steps for each line that it is sent. */
function pytorchStep(network, threads, processorTime) {
  const script = fileURLToPath(new URL("../peers/network-step.py", import.meta.url));
  const child = spawn(
    process.env.SEMBLANCE_PYTHON ?? "python3",
    [script, network, String(threads), processorTime ? "processor" : "clock"],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
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

/**
 * The rows of the benchmark table: medians after warm-up, contestants taking turns, so that what else the machine does hits both alike.
 *
 * @param {{ title: string, model: { name: string }, item: readonly number[], batch: number, steps: number, round: number }} subject
 * @param {{ peers?: boolean, threads?: number | readonly number[], processorTime?: boolean }} options
 */
export async function networkRows(
  { title, model, item, batch, steps, round },
  { peers = false, threads = [1, 2], processorTime = false } = {},
) {
  const table = [];
  for (const count of [threads].flat()) {
    const shape = [batch, ...item];
    const x = ndarray("float32", shape, Float32Array.from(Key.fromSeed(2).normal(sizeOf(shape))));
    const ours = await semblanceStep(model, x, count, processorTime);
    const torch = peers ? pytorchStep(model.name, count, processorTime) : undefined;
    const times = { ours: [], torch: [] };
    try {
      await ours.round(round);
      await torch?.round(round);
      for (let done = 0; done < steps; done += round) {
        times.ours.push(...(await ours.round(round)));
        if (torch) times.torch.push(...(await torch.round(round)));
      }
    } finally {
      await ours.dispose();
      torch?.dispose();
    }
    const name = `${title}, MMD-OvA, Adam, batch ${batch}, ${count} thread${count === 1 ? "" : "s"}`;
    const ms = median(times.ours);
    if (!torch) table.push({ name, ms });
    else
      table.push({
        name,
        peer: "PyTorch, eager",
        ms,
        peerMs: median(times.torch),
        ratio: ms / median(times.torch),
        target: 1,
      });
  }
  return table;
}

/** Prints the table of a benchmark that was started by itself. */
export async function runAlone(url, rows) {
  if (process.argv[1] !== fileURLToPath(url)) return;
  const option = process.argv.find((argument) => argument.startsWith("--threads="));
  const threads = option ? option.slice("--threads=".length).split(",").map(Number) : [1, 2];
  const has = (name) => process.argv.includes(name);
  console.table(await rows({ peers: has("--peers"), processorTime: has("--processor-time"), threads }));
}
