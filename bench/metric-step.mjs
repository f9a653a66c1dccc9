/**
 * Value and gradient of metric losses on given embeddings, batch × width, float32, beside pytorch-metric-learning in PyTorch in the same run
 * and with as many threads. Both compute the same number, which is checked.
 *
 * Run alone: node bench/metric-step.mjs --peers [--only=triplet] [--threads=1,2] [--sizes=128,512] [--processor-time].
 * The Python with pytorch-metric-learning is `python3`, or what SEMBLANCE_PYTHON names.
 */
import { ortBackend } from "@semblance/backend-ort";
import { buildContext, createCatalogue, gradients, Key, ndarray, spec, trace } from "@semblance/core";
import { bregmanPlugin } from "@semblance/losses-bregman";
import { metricPlugin } from "@semblance/losses-metric";
import { clock, median, timesOf } from "./support/clock.mjs";
import { base64, pythonPeer } from "./support/python-peer.mjs";
import { runAlone } from "./support/run-alone.mjs";

/** Contestants take turns; of a round the median step counts, and of the rounds the least, since a busy machine only ever adds. */
const ROUNDS = 12;
/** A round lasts about this long, and never more steps than MOST_STEPS. */
const ROUND_MS = 60;
const MOST_STEPS = 100;
/** Two numbers of float32 that are the same sum in another order. */
const SAME = 1e-3;

const catalogue = createCatalogue([metricPlugin, bregmanPlugin]);
const euclidean = { divergence: "euclidean", normalise: true, reduction: "mean-nonzero" };

/** The peer's defaults where they are the spec's too; rows of a class as its sampler draws them. */
const SUBJECTS = [
  { name: "contrastive", loss: { name: "metric/contrastive", form: "hinge", margin: 1, ...euclidean }, perClass: 4 },
  { name: "triplet-all", loss: { name: "metric/triplet", mining: "all", margin: 0.2, ...euclidean }, perClass: 4 },
  {
    name: "triplet-margin-filtered",
    loss: { name: "metric/triplet", miner: { name: "margin-filtered", margin: 0.2 }, margin: 0.2, ...euclidean },
    perClass: 4,
  },
  { name: "n-pair", loss: { name: "metric/n-pair" }, perClass: 2 },
  { name: "multi-similarity", loss: { name: "metric/multi-similarity" }, perClass: 4 },
  { name: "proxy-anchor", loss: { name: "metric/proxy-anchor" }, perClass: 4, proxies: true },
];

function drawBatch({ perClass, proxies, name }, size) {
  const key = Key.fromSeed(11).fold(name).fold(size);
  const classes = size / perClass;
  const normal = (rows, own) => ndarray("float32", [rows, size], Float32Array.from(key.fold(own).normal(rows * size)));
  // Raw inner products of N(0, 1) rows grow with the width: rows of about unit length keep n-pair's softmax from saturating.
  const embeddings = normal(size, "embeddings");
  embeddings.data.forEach((value, at) => {
    embeddings.data[at] = (1.5 * value) / Math.sqrt(size);
  });
  const labels = ndarray(
    "int32",
    [size],
    Int32Array.from({ length: size }, (_, row) => row % classes),
  );
  return { embeddings, labels, ...(proxies ? { proxies: normal(classes, "proxies") } : {}) };
}

/** Value and gradients as training has them: one program, compiled once. */
async function ourStep({ backend, now }, loss, { proxies, ...inputs }) {
  const { entry, config } = catalogue.choose("loss", loss);
  const feeds = { ...inputs, ...(proxies ? { proxies } : {}) };
  const program = trace({
    name: entry.name,
    inputs: Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build({ proxies: weights, ...fed }) {
      const value = entry.build(fed, config, buildContext(catalogue, weights ? { proxies: weights } : {}));
      const [slope, weightSlope] = gradients(value, [fed.embeddings, ...(weights ? [weights] : [])]);
      return { outputs: { value, slope, ...(weightSlope ? { weightSlope } : {}) } };
    },
  });
  const executable = await backend.compile(program);
  return {
    async time(steps) {
      let results;
      const run = async () => {
        results = await executable.run(feeds);
      };
      const ms = median(await timesOf(run, steps, now));
      return { ms, value: results.value.data[0] };
    },
    dispose: () => executable.dispose(),
  };
}

const sent = ({ dtype, shape, data }) => ({ dtype, shape, bytes: base64(data) });

/** The least median round of each, and what each computed. */
async function race(contestants) {
  const steps = [];
  for (const time of contestants) {
    await time(2);
    const { ms } = await time(2);
    steps.push(Math.max(1, Math.min(MOST_STEPS, Math.round(ROUND_MS / ms))));
  }
  const best = contestants.map(() => ({ ms: Number.POSITIVE_INFINITY }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, time] of contestants.entries()) {
      const made = await time(steps[index]);
      if (made.ms < best[index].ms) best[index] = made;
    }
  }
  return best;
}

/**
 * The rows of the benchmark table.
 *
 * @param {{ peers?: boolean, only?: string, threads?: number | readonly number[], sizes?: readonly number[], processorTime?: boolean }}
 *   [options]
 */
export async function rows({
  peers = false,
  only = "",
  threads = [1, 2],
  sizes = [128, 512],
  processorTime = false,
} = {}) {
  const table = [];
  const now = clock(processorTime);
  const kindOfTime = processorTime ? "processor" : "clock";
  for (const count of [threads].flat()) {
    const backend = await ortBackend({ threads: count });
    const peer = peers
      ? pythonPeer("metric-step.py", { needs: "pytorch-metric-learning", arguments: [count, kindOfTime] })
      : undefined;
    try {
      for (const subject of SUBJECTS.filter(({ name }) => name.includes(only))) {
        for (const size of sizes) {
          const batch = drawBatch(subject, size);
          const ours = await ourStep({ backend, now }, subject.loss, batch);
          const arrays = {
            embeddings: sent(batch.embeddings),
            labels: sent(batch.labels),
            proxies: batch.proxies ? sent(batch.proxies) : null,
          };
          const key = `${subject.name}/${size}`;
          let known = false;
          const theirs = peer
            ? async (steps) => {
                const request = { key, loss: subject.name, steps, ...(known ? {} : arrays) };
                known = true;
                const { ms, value } = await peer.ask(request);
                return { ms: median(ms), value };
              }
            : undefined;
          const [own, other] = await race(theirs ? [ours.time, theirs] : [ours.time]);
          await ours.dispose();
          const name = `${subject.name} ${size} × ${size}, ${count} thread${count === 1 ? "" : "s"}`;
          if (!other) table.push({ name, ms: own.ms });
          else {
            requireSame(name, own.value, other.value);
            const peerName = "pytorch-metric-learning";
            table.push({ name, peer: peerName, ms: own.ms, peerMs: other.ms, ratio: own.ms / other.ms, target: 0.7 });
          }
        }
      }
    } finally {
      peer?.dispose();
      await backend.dispose();
    }
  }
  return table;
}

function requireSame(name, ours, theirs) {
  if (Math.abs(ours - theirs) <= SAME * Math.max(1, Math.abs(theirs))) return;
  throw new Error(`${name}: ours is ${ours} and the peer's ${theirs}; a ratio of two different things says nothing`);
}

await runAlone(import.meta.url, rows, {
  only: "text",
  threads: "numbers",
  sizes: "numbers",
  "processor-time": "flag",
});
