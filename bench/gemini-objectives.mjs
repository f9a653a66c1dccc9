/**
 * A training step of every GEMINI as the number of clusters and rows grows, beside GemClus in the same run, on one thread each: a
 * perceptron 2-20-K with Adam, full batch, kernels and distances compared once for the whole data set and given to each batch.
 *
 * Run alone: node bench/gemini-objectives.mjs --peers [--only=mmd] [--rows=10,500] [--clusters=2,10,50]. The Python with gemclus is
 * `python3`, or what SEMBLANCE_PYTHON names.
 */
import { ortBackend } from "@semblance/backend-ort";
import {
  createCatalogue,
  createLearner,
  initialState,
  Key,
  ndarray,
  prepareAffinity,
  StepRunner,
} from "@semblance/core";
import { dataPlugin } from "@semblance/data";
import { geminiPlugin } from "@semblance/losses-gemini";
import { modelsPlugin } from "@semblance/models";
import { median, timesOf } from "./support/clock.mjs";
import { pythonPeer } from "./support/python-peer.mjs";
import { runAlone } from "./support/run-alone.mjs";

/**
 * Contestants take turns. Of a round the median step counts, since most steps are over before the machine turns to something else, and of
 * the rounds the least, since a busy machine only ever adds.
 */
const ROUNDS = 16;
/** A round lasts about this long, and never more steps than MOST_STEPS. */
const ROUND_MS = 12;
const MOST_STEPS = 100;
/** Steps beyond this, in milliseconds, are looked at for fewer rounds. */
const SLOW_MS = 50;
const SLOW_ROUNDS = 2;
/**
 * What a one-vs-one Wasserstein step may solve: pairs of clusters times rows. K = 50 of 500 rows are 1,225 transports, many seconds a step
 * for either, and left out.
 */
const MOST_TRANSPORT = 45 * 500;

const catalogue = createCatalogue([geminiPlugin, modelsPlugin, dataPlugin]);

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

/** The step that `train` runs, on the batches that its sampler draws. */
async function ourStep(backend, loss, k, features) {
  const n = features.shape[0];
  const data = { name: "normal", features };
  const learner = createLearner({
    catalogue,
    data,
    model: { name: "mlp", hidden: [20], activation: "relu" },
    loss: { ...loss, clusters: k },
    optimizer: "adam",
  });
  const key = Key.fromSeed(0);
  const { entry, config } = catalogue.choose("sampler", { name: "shuffle", batchSize: n });
  const sampler = entry.create({ rows: n, key: key.fold("sampler"), config });
  const runner = new StepRunner({ backend, learner, data, key }, initialState(learner, key, backend.float));
  runner.useAffinity(await prepareAffinity({ learner, backend, data, timesEachPair: 1000 }));
  let step = 0;
  return {
    async time(steps) {
      const run = () => runner.run({ step: ++step, indices: sampler.next().indices, learningRate: 1e-3 });
      return median(await timesOf(run, steps));
    },
    dispose: () => runner.dispose(),
  };
}

const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/** What all rows share is compiled by the virtual machine before the first of them is timed. */
async function warmUp(backend) {
  const features = ndarray("float32", [10, 2], Float32Array.from(Key.fromSeed(1).normal(20)));
  const { time, dispose } = await ourStep(backend, { name: "gemini/kl-ova" }, 2, features);
  await time(3000);
  await dispose();
}

async function race(contestants) {
  const steps = [];
  for (const time of contestants) {
    const cold = await time(1);
    steps.push(Math.max(1, Math.min(MOST_STEPS, Math.round(ROUND_MS / cold))));
  }
  // Warm: compiled by the virtual machine, and known how long a step then takes.
  let slow = false;
  for (const [index, time] of contestants.entries()) {
    const warm = await time(steps[index]);
    steps[index] = Math.max(1, Math.min(MOST_STEPS, Math.round(ROUND_MS / warm)));
    slow ||= warm > SLOW_MS;
  }
  const best = contestants.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < (slow ? SLOW_ROUNDS : ROUNDS); round++) {
    for (const [index, time] of contestants.entries()) best[index] = Math.min(best[index], await time(steps[index]));
  }
  return best;
}

/**
 * The rows of the benchmark table.
 *
 * @param {{ peers?: boolean, only?: string, rows?: readonly number[], clusters?: readonly number[] }} [options]
 */
export async function rows({ peers = false, only, rows: sizes = [10, 500], clusters = [2, 10, 50] } = {}) {
  const backend = await ortBackend({ threads: 1 });
  const peer = peers ? pythonPeer("gemini-objectives.py", { needs: "gemclus", environment: ONE_THREAD }) : undefined;
  const table = [];
  try {
    await warmUp(backend);
    for (const loss of objectives(only)) {
      for (const n of sizes) {
        for (const k of clusters) {
          // Both refuse more clusters than rows.
          if (n < k) continue;
          if (loss.name === "gemini/wasserstein-ovo" && (n * k * (k - 1)) / 2 > MOST_TRANSPORT) continue;
          const data = ndarray(
            "float32",
            [n, 2],
            Float32Array.from(
              Key.fromSeed(7)
                .fold("data")
                .normal(2 * n),
            ),
          );
          const ours = await ourStep(backend, loss, k, data);
          const request = {
            objective: loss.name.replace("gemini/", ""),
            ...(loss.kernel && { kernel: loss.kernel }),
            n,
            k,
            data: [...data.data],
          };
          const theirs = peer && (async (steps) => (await peer.ask({ ...request, steps })).ms);
          const [ms, peerMs] = await race(theirs ? [ours.time, theirs] : [ours.time]);
          await ours.dispose();
          const name = `${loss.name}${loss.kernel ? ` ${loss.kernel}` : ""} N=${n} K=${k}`;
          table.push(peer ? { name, peer: "GemClus", ms, peerMs, ratio: ms / peerMs, target: 1 } : { name, ms });
        }
      }
    }
  } finally {
    peer?.dispose();
    await backend.dispose();
  }
  return table;
}

await runAlone(import.meta.url, rows, { only: "text", rows: "numbers", clusters: "numbers" });
