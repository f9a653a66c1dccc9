/**
 * Exact optimal transport, one thread each, beside POT's `emd2` where it is installed: random weights against uniform ones, and the
 * weights of a cluster against uniform ones as in a step of the Wasserstein GEMINI. Then such a step as a whole, the transport of
 * all clusters, value and gradient, beside PyTorch with POT. Single solves are timed by the processor's clock, the step by the wall's.
 *
 * Run alone: node bench/transport.mjs --peers [--points=100,250,500,1000]. The Python with POT and PyTorch is `python3`, or what
 * SEMBLANCE_PYTHON names.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  div,
  gradients,
  Key,
  mean,
  mul,
  ndarray,
  neg,
  referenceBackend,
  softmax,
  spec,
  sum,
  trace,
} from "@semblance/core";
import { solveTransport, transportCosts } from "@semblance/losses-gemini";

const CLUSTERS = 10;
const STEP_POINTS = 250;
/** Solves timed in a row before the other one's turn: what else the machine does hits both alike. */
const ROUND = 3;
const ROUNDS = 8;

/** Points around CLUSTERS centres, a pull of 6 noise widths apart in 2-D, and their distances. */
function points(count, width, squared, seed) {
  const key = Key.fromSeed(seed);
  const spread = 6 / Math.sqrt(width);
  const centres = key.fold("centres").normal(CLUSTERS * width);
  const noise = key.fold("noise").normal(count * width);
  const x = noise.map((each, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    return each + spread * centres[(row % CLUSTERS) * width + column];
  });
  const cost = new Float64Array(count * count);
  const logits = new Float64Array(count * CLUSTERS);
  const square = (row, y, start) => {
    let total = 0;
    for (let column = 0; column < width; column++) total += (x[row * width + column] - y(start + column)) ** 2;
    return total;
  };
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const apart = square(i, (at) => x[at], j * width);
      cost[i * count + j] = cost[j * count + i] = squared ? apart : Math.sqrt(apart);
    }
    // Half-sharp posteriors, as in the middle of training.
    for (let k = 0; k < CLUSTERS; k++)
      logits[i * CLUSTERS + k] = -square(i, (at) => spread * centres[at], k * width) / (width + 2);
  }
  return { count, cost, logits };
}

function normalised(weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The weights of the first cluster: its column of the posteriors. */
function clusterWeights({ count, logits }) {
  const column = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = Array.from(logits.subarray(i * CLUSTERS, (i + 1) * CLUSTERS), (logit) => logit);
    const highest = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - highest));
    column[i] = powers[0] / powers.reduce((sum, power) => sum + power, 0);
  }
  return normalised(column);
}

const base64 = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");

/** The Python peer: a process that answers a line for each line that it is sent. */
function peer() {
  const script = fileURLToPath(new URL("./peers/transport.py", import.meta.url));
  const child = spawn(process.env.SEMBLANCE_PYTHON ?? "python3", [script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((_, reject) => child.once("error", reject));
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) throw new Error("the peer ended; are POT and torch installed?");
      return JSON.parse(value);
    },
    dispose: () => child.stdin.end(),
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Processor time of this process: on a shared machine the wall's clock mostly tells who else is there. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Takes turns, and compares what comes out. */
async function race(name, ours, python, what) {
  const clock = what === "solve" ? processorMs : () => performance.now();
  const times = { ours: [], peer: [] };
  let value;
  const turn = async (into) => {
    for (let solve = 0; solve < ROUND; solve++) {
      const start = clock();
      value = await ours();
      into.push(clock() - start);
    }
  };
  for (let round = 0; round < 4; round++) await turn([]);
  await python?.ask({ what, times: 1 });
  for (let round = 0; round < ROUNDS; round++) {
    await turn(times.ours);
    if (!python) continue;
    const answer = await python.ask({ what, times: ROUND });
    times.peer.push(...answer.ms);
    if (Math.abs(answer.value - value) > 1e-9 * Math.max(1, Math.abs(value)))
      throw new Error(`${name}: ours is ${value}, the peer's is ${answer.value}`);
  }
  return { ms: median(times.ours), peerMs: python ? median(times.peer) : Number.NaN };
}

/** The step of the Wasserstein GEMINI, one against all: value and gradient by the logits, float64 as in the peer. */
async function stepRow(python, threads) {
  const { cost, logits } = points(STEP_POINTS, 2, false, 3);
  const program = trace({
    name: "wasserstein step",
    inputs: { logits: spec("float64", [STEP_POINTS, CLUSTERS]), cost: spec("float64", [STEP_POINTS, STEP_POINTS]) },
    build(inputs) {
      const p = softmax(inputs.logits, -1);
      const shares = mean(p, { axes: [0], keepDims: true });
      const weights = div(p, mul(shares, STEP_POINTS));
      const score = sum(mul(mean(p, { axes: [0] }), transportCosts(weights, inputs.cost, "one-versus-all")));
      return { outputs: { score, slope: gradients(neg(score), [inputs.logits])[0] } };
    },
  });
  const backend = referenceBackend();
  const executable = await backend.compile(program);
  const feeds = {
    logits: ndarray("float64", [STEP_POINTS, CLUSTERS], logits),
    cost: ndarray("float64", [STEP_POINTS, STEP_POINTS], cost),
  };
  await python?.ask({
    what: "posteriors",
    points: STEP_POINTS,
    clusters: CLUSTERS,
    threads,
    logits: base64(logits),
    cost: base64(cost),
  });
  try {
    const { ms, peerMs } = await race("step", async () => (await executable.run(feeds)).score.data[0], python, "step");
    const name = `Wasserstein-OvA step, K=${CLUSTERS}, N=${STEP_POINTS}, 2 threads`;
    return { name, peer: "PyTorch + POT", ms, peerMs, ratio: ms / peerMs, target: 1 };
  } finally {
    await backend.dispose();
  }
}

/**
 * The rows of the benchmark table: medians of 24 solves after warm-up, contestants taking turns.
 *
 * @param {{ peers?: boolean, counts?: readonly number[] }} [options]
 */
export async function rows({ peers = false, counts = [100, 250, 500, 1000] } = {}) {
  const table = [];
  const python = peers ? peer() : undefined;
  try {
    for (const count of counts) {
      for (const [width, squared] of [
        [2, false],
        [2, true],
        [784, false],
        [784, true],
      ]) {
        const drawn = points(count, width, squared, count + width);
        const second = new Float64Array(count).fill(1 / count);
        for (const kind of ["random", "clustered"]) {
          const first = kind === "random" ? normalised(Key.fromSeed(count).uniform(count)) : clusterWeights(drawn);
          await python?.ask({
            what: "problem",
            points: count,
            first: base64(first),
            second: base64(second),
            cost: base64(drawn.cost),
          });
          const name = `transport, N=${count}, ${width}-D ${squared ? "squared " : ""}distances, ${kind} weights`;
          const ours = () => solveTransport(first, second, drawn.cost).value;
          const { ms, peerMs } = await race(name, ours, python, "solve");
          table.push({ name, peer: "POT emd2", ms, peerMs, ratio: ms / peerMs, target: 1 });
        }
      }
    }
    table.push(await stepRow(python, 2));
  } finally {
    python?.dispose();
  }
  return table;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = process.argv.find((argument) => argument.startsWith("--points="));
  const counts = option?.slice("--points=".length).split(",").map(Number);
  console.table(await rows({ peers: process.argv.includes("--peers"), ...(counts ? { counts } : {}) }));
}
