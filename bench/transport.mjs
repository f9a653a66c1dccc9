/**
 * Exact optimal transport, one thread each, beside POT's `emd2` where it is installed: random weights against uniform ones, and the
 * weights of a cluster against uniform ones as in a step of the Wasserstein GEMINI. Then such steps as a whole on `ort`, one-vs-all and
 * one-vs-one, value and gradient, beside PyTorch with POT, all threads that the machine has. Single solves are timed by the processor's
 * clock and given as medians, the steps by the wall's and given as the best of all turns.
 *
 * Run alone: node bench/transport.mjs --peers [--points=100,250,500,1000] [--steps-only]. The Python with POT and PyTorch is `python3`, or what
 * SEMBLANCE_PYTHON names.
 */
import { availableParallelism } from "node:os";
import { ortBackend } from "@semblance/backend-ort";
import {
  constant,
  div,
  gradients,
  Key,
  matmul,
  mean,
  mul,
  ndarray,
  neg,
  reshape,
  softmax,
  spec,
  sum,
  trace,
} from "@semblance/core";
import { solveTransport, transportCosts } from "@semblance/losses-gemini";
import { clock, median, timesOf } from "./support/clock.mjs";
import { base64, pythonPeer } from "./support/python-peer.mjs";
import { runAlone } from "./support/run-alone.mjs";

const CLUSTERS = 10;
/** The steps: which distributions are compared, and how many points. */
const STEPS = [
  ["one-versus-all", 100],
  ["one-versus-all", 250],
  ["one-versus-all", 500],
  ["one-versus-all", 1000],
  ["one-versus-one", 100],
  ["one-versus-one", 250],
];
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

/** Takes turns, and compares what comes out. */
async function race(name, ours, python, what) {
  const now = clock(what === "solve");
  const times = { ours: [], peer: [] };
  let value;
  const turn = async (into) => {
    const solve = async () => {
      value = await ours();
    };
    into.push(...(await timesOf(solve, ROUND, now)));
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
  // Where threads wait for each other, on a machine that does other work too, only the best turn tells of the program.
  const typical = what === "solve" ? median : (values) => Math.min(...values);
  return { ms: typical(times.ours), peerMs: python ? typical(times.peer) : Number.NaN };
}

/** What each transport cost counts: πₖ, or 2 πₐ π_b for each pair a < b. */
function factors(shares, way) {
  if (way === "one-versus-all") return shares;
  const pairs = [];
  for (let a = 0; a < CLUSTERS; a++) for (let b = a + 1; b < CLUSTERS; b++) pairs.push([a, b]);
  const side = (at) => {
    const chosen = new Float64Array(CLUSTERS * pairs.length);
    pairs.forEach((pair, column) => {
      chosen[pair[at] * pairs.length + column] = 1;
    });
    const chooser = constant(ndarray("float64", [CLUSTERS, pairs.length], chosen));
    return reshape(matmul(reshape(shares, [1, CLUSTERS]), chooser), [pairs.length]);
  };
  return mul(mul(side(0), side(1)), 2);
}

/** The step of a Wasserstein GEMINI: value and gradient by the logits, float64 as in the peer. */
async function stepRow(python, way, count, threads) {
  const { cost, logits } = points(count, 2, false, 3);
  const program = trace({
    name: "wasserstein step",
    inputs: { logits: spec("float64", [count, CLUSTERS]), cost: spec("float64", [count, count]) },
    build(inputs) {
      const p = softmax(inputs.logits, -1);
      const shares = mean(p, { axes: [0] });
      const weights = div(p, mul(shares, count));
      const score = sum(mul(factors(shares, way), transportCosts(weights, inputs.cost, way)));
      return { outputs: { score, slope: gradients(neg(score), [inputs.logits])[0] } };
    },
  });
  const backend = await ortBackend({ threads });
  const executable = await backend.compile(program);
  const feeds = {
    logits: ndarray("float64", [count, CLUSTERS], logits),
    cost: ndarray("float64", [count, count], cost),
  };
  await python?.ask({
    what: "posteriors",
    way,
    points: count,
    clusters: CLUSTERS,
    threads,
    logits: base64(logits),
    cost: base64(cost),
  });
  try {
    const name = `Wasserstein step, ${way}, K=${CLUSTERS}, N=${count}, ${threads} threads`;
    const { ms, peerMs } = await race(name, async () => (await executable.run(feeds)).score.data[0], python, "step");
    return { name, peer: "PyTorch + POT", ms, peerMs, ratio: ms / peerMs, target: 1 };
  } finally {
    await executable.dispose();
    await backend.dispose();
  }
}

/**
 * The rows of the benchmark table: 24 solves or steps each after warm-up, contestants taking turns.
 *
 * @param {{ peers?: boolean, counts?: readonly number[] }} [options]
 */
export async function rows({ peers = false, counts = [100, 250, 500, 1000], steps = STEPS } = {}) {
  const table = [];
  const python = peers
    ? pythonPeer("transport.py", { needs: "POT and torch", environment: { OMP_NUM_THREADS: "1" } })
    : undefined;
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
    for (const [way, count] of steps) table.push(await stepRow(python, way, count, availableParallelism()));
  } finally {
    python?.dispose();
  }
  return table;
}

await runAlone(
  import.meta.url,
  ({ points: counts, stepsOnly, ...options }) =>
    rows({ ...options, ...(stepsOnly ? { counts: [] } : counts ? { counts } : {}) }),
  { points: "numbers", "steps-only": "flag" },
);
