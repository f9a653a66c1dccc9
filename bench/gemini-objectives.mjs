/**
 * Every GEMINI as the number of clusters and rows grows, beside GemClus in the same run, on one thread each:
 *
 * - `step`: a full-batch training step (forward, objective, backward, Adam) of a perceptron 2-20-K, the program that `train` runs;
 * - `evaluate`: value and gradient of the objective alone from given posteriors, the program that `evaluateLoss` runs.
 *
 * Run alone: node bench/gemini-objectives.mjs --peers [--only=mmd] [--what=step,evaluate] [--rows=10,500] [--clusters=2,10,50]. The Python
 * with gemclus is `python3`, or what SEMBLANCE_PYTHON names.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ortBackend } from "@semblance/backend-ort";
import {
  buildContext,
  createCatalogue,
  createLearner,
  gradients,
  initialState,
  Key,
  ndarray,
  scalarFeeds,
  spec,
  trace,
  traceTrainStep,
} from "@semblance/core";
import { geminiPlugin } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";

/** What may be timed beside each other in one row: the median of this many rounds, contestants taking turns. */
const ROUNDS = 7;
/** A round lasts about this long. */
const ROUND_MS = 60;

const catalogue = createCatalogue([geminiPlugin, modelsPlugin]);

function objectives(only) {
  return catalogue
    .list("loss")
    .map(({ name }) => name)
    .filter((name) => name.startsWith("gemini/") && (!only || name.includes(only)))
    .flatMap((name) => {
      if (!name.includes("mmd")) return [{ name }];
      // GemClus computes with a matrix of N×N for every kernel; ours needs none for the linear one.
      return [
        { name, kernel: "linear" },
        { name, kernel: "rbf" },
      ];
    });
}

async function trainingStep(backend, loss, n, k, data) {
  const learner = createLearner({
    catalogue,
    data: { name: "normal", features: data },
    model: { name: "mlp", hidden: [20], activation: "relu" },
    loss: { ...loss, clusters: k },
    optimizer: "adam",
  });
  const start = initialState(learner, Key.fromSeed(0), "float32");
  const executable = await backend.compile(traceTrainStep(learner, start, { float: "float32", batchSize: n }));
  await executable.write(start);
  const indices = ndarray("int32", [n], new Int32Array(n));
  let step = 0;
  return {
    run: () => executable.run({ data, indices, ...scalarFeeds(learner, ++step, 1e-3, "float32") }),
    dispose: () => executable.dispose(),
  };
}

async function evaluation(backend, loss, data, posteriors) {
  const { entry, config } = catalogue.choose("loss", loss);
  const feeds = entry.inputs.data ? { posteriors, data } : { posteriors };
  const executable = await backend.compile(
    trace({
      name: entry.name,
      inputs: Object.fromEntries(Object.entries(feeds).map(([name, { shape }]) => [name, spec("float32", shape)])),
      build: (fed) => {
        const value = entry.build(fed, config, buildContext(catalogue));
        return { outputs: { value, gradient: gradients(value, [fed.posteriors])[0] } };
      },
    }),
  );
  return { run: () => executable.run(feeds), dispose: () => executable.dispose() };
}

/** GemClus in a process that answers a line with a line. */
function gemclus() {
  const script = fileURLToPath(new URL("./peers/gemini-objectives.py", import.meta.url));
  const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child = spawn(process.env.SEMBLANCE_PYTHON ?? "python3", [script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...one },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((_, reject) => child.once("error", reject));
  return {
    async time(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) throw new Error("the GemClus peer ended; is gemclus installed?");
      return JSON.parse(value).ms;
    },
    dispose: () => child.stdin.end(),
  };
}

async function timed({ run }, steps) {
  const start = performance.now();
  for (let step = 0; step < steps; step++) await run();
  return (performance.now() - start) / steps;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const stepsFor = (ms) => Math.max(1, Math.min(200, Math.round(ROUND_MS / ms)));

async function measure({ ours, peer, request }) {
  await timed(ours, 3);
  const warm = await timed(ours, 3);
  const first = peer ? median(await peer.time({ ...request, steps: 3 })) : undefined;
  const [own, theirs] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    own.push(await timed(ours, stepsFor(warm)));
    if (peer) theirs.push(median(await peer.time({ ...request, steps: stepsFor(Math.max(first, 0.02)) })));
    // Seconds a step: one look tells enough.
    if (Math.max(warm, first ?? 0) > 1000 && round === 0) break;
  }
  return { ms: median(own), ...(peer ? { peerMs: median(theirs) } : {}) };
}

/**
 * The rows of the benchmark table.
 *
 * @param {{ peers?: boolean, only?: string, what?: readonly string[], rows?: readonly number[], clusters?: readonly number[] }} [options]
 */
export async function rows({
  peers = false,
  only,
  what = ["step", "evaluate"],
  rows: sizes = [10, 500],
  clusters = [2, 10, 50],
} = {}) {
  const backend = await ortBackend({ threads: 1 });
  const peer = peers ? gemclus() : undefined;
  const table = [];
  try {
    for (const kind of what) {
      for (const loss of objectives(only)) {
        for (const n of sizes) {
          for (const k of clusters) {
            // A categorical-like head of more clusters than rows is refused in training, and means little.
            if (kind === "step" && n < k) continue;
            // K(K − 1)/2 transports of N points each: beyond this a step takes seconds.
            if (loss.name === "gemini/wasserstein-ovo" && n * k > 10_000) continue;
            const key = Key.fromSeed(7);
            const data = ndarray("float32", [n, 2], Float32Array.from(key.fold("data").normal(2 * n)));
            const posteriors = ndarray("float32", [n, k], simplexRows(key.fold("posteriors"), n, k));
            const ours =
              kind === "step"
                ? await trainingStep(backend, loss, n, k, data)
                : await evaluation(backend, loss, data, posteriors);
            const request = {
              what: kind,
              objective: loss.name.replace("gemini/", ""),
              kernel: loss.kernel,
              n,
              k,
              data: [...data.data],
              posteriors: [...posteriors.data],
            };
            const { ms, peerMs } = await measure({ ours, peer, request });
            await ours.dispose();
            const kernel = loss.kernel ? ` ${loss.kernel}` : "";
            const name = `${kind} ${loss.name}${kernel} N=${n} K=${k}`;
            table.push(peer ? { name, peer: "GemClus", ms, peerMs, ratio: ms / peerMs, target: 1 } : { name, ms });
            if (process.stderr.isTTY || process.env.SEMBLANCE_PROGRESS) {
              process.stderr.write(`${name}: ${ms.toFixed(3)} ms, GemClus ${peerMs?.toFixed(3) ?? "–"} ms\n`);
            }
          }
        }
      }
    }
  } finally {
    peer?.dispose();
    await backend.dispose();
  }
  return table;
}

function simplexRows(key, n, k) {
  const weights = Float32Array.from(key.normal(n * k), Math.exp);
  for (let row = 0; row < n; row++) {
    const own = weights.subarray(row * k, (row + 1) * k);
    const total = own.reduce((sum, weight) => sum + weight, 0);
    for (let column = 0; column < k; column++) own[column] /= total;
  }
  return weights;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name) =>
    process.argv
      .find((argument) => argument.startsWith(`--${name}=`))
      ?.slice(name.length + 3)
      .split(",");
  const numbers = (name) => option(name)?.map(Number);
  const chosen = Object.entries({ what: option("what"), rows: numbers("rows"), clusters: numbers("clusters") });
  console.table(
    await rows({
      peers: process.argv.includes("--peers"),
      only: option("only")?.[0],
      ...Object.fromEntries(chosen.filter(([, value]) => value)),
    }),
  );
}
