/**
 * One training step of an MLP 784-1200-10 with GEMINI MMD one-vs-all (linear kernel) and Adam, batch 500, float32, on tfjs/wasm, beside
 *
 * - TensorFlow.js's own layers API, training the same network on the same WebAssembly kernels: with categorical cross-entropy, which is
 *   what it brings along, and with the same GEMINI written as a loss of its own;
 * - the bare matrix products of that step on the same kernels, transposes made beforehand: what no implementation on them can go below;
 * - the same step on onnxruntime with one thread.
 *
 * Run alone: node bench/tfjs-mlp-step.mjs
 */
import { ortBackend } from "@semblance/backend-ort";
import { tfjsNodeBackend } from "@semblance/backend-tfjs/node";
import { Key, ndarray } from "@semblance/core";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { median, timesOf } from "./support/clock.mjs";
import { runAlone } from "./support/run-alone.mjs";
import { CLUSTERS, ortOptions, trainingStep } from "./support/training-step.mjs";

const BATCH = 500;
const FEATURES = 784;
const HIDDEN = 1200;
const WARM_UP = 3;
const STEPS = 30;
/** Steps timed in a row before the next contestant: what else the machine does hits all of them alike. */
const ROUND = 5;

/** The layers API, fed from arrays as ours is: `loss` is made with the batch at hand. */
function layersStep(x, loss) {
  const given = {};
  const network = layers.sequential({
    layers: [
      layers.layers.dense({ units: HIDDEN, activation: "relu", inputShape: [FEATURES] }),
      layers.layers.dense({ units: CLUSTERS, activation: "softmax" }),
    ],
  });
  network.compile({ optimizer: tf.train.adam(1e-3), loss: loss(given) });
  const labels = new Float32Array(BATCH * CLUSTERS);
  for (let row = 0; row < BATCH; row++) labels[row * CLUSTERS + (row % CLUSTERS)] = 1;
  return {
    async run() {
      given.data = tf.tensor2d(x.data, [BATCH, FEATURES]);
      const targets = tf.tensor2d(labels, [BATCH, CLUSTERS]);
      const value = await network.trainOnBatch(given.data, targets);
      given.data.dispose();
      targets.dispose();
      return value;
    },
    dispose: () => network.dispose(),
  };
}

const crossEntropy = () => "categoricalCrossentropy";

/** −Σₖ ‖1/N Σᵢ (pᵢₖ − πₖ) xᵢ‖, as a loss of the layers API: it has no place for the data, so that they are handed over beside it. */
const gemini = (given) => (_, posteriors) => {
  const centred = tf.sub(posteriors, tf.mean(posteriors, 0, true));
  const means = tf.div(tf.matMul(tf.transpose(centred), given.data), BATCH);
  return tf.neg(tf.sum(tf.sqrt(tf.add(tf.sum(tf.square(means), 1), 1e-12))));
};

/**
 * The step's six matrix products alone, on the same kernels, without transpose flags, which they are slow with. Factors are new for each
 * run, as they are in training: kernels keep the second one in an order of their own for as long as it is the same tensor.
 */
function bareProducts() {
  const matrix = (...shape) => tf.randomUniform(shape);
  const originals = [
    [matrix(BATCH, FEATURES), matrix(FEATURES, HIDDEN)],
    [matrix(BATCH, HIDDEN), matrix(HIDDEN, CLUSTERS)],
    [matrix(CLUSTERS, BATCH), matrix(BATCH, FEATURES)],
    [matrix(HIDDEN, BATCH), matrix(BATCH, CLUSTERS)],
    [matrix(BATCH, CLUSTERS), matrix(CLUSTERS, HIDDEN)],
    [matrix(FEATURES, BATCH), matrix(BATCH, HIDDEN)],
  ];
  let factors = [];
  const drop = () => factors.flat().forEach((tensor) => tensor.dispose());
  return {
    prepare() {
      drop();
      factors = originals.map((pair) => pair.map((tensor) => tf.add(tensor, 0.5)));
    },
    async run() {
      // WebAssembly computes at once, so that nothing is left to wait for.
      for (const [a, b] of factors) tf.matMul(a, b).dispose();
    },
    dispose() {
      drop();
      originals.flat().forEach((tensor) => tensor.dispose());
    },
  };
}

/** Factors are made anew outside of what is timed. */
async function timed({ prepare, run }, steps) {
  const times = [];
  for (let step = 0; step < steps; step++) {
    prepare?.();
    times.push(...(await timesOf(run, 1)));
  }
  return times;
}

/** The rows of the benchmark table. Medians after warm-up, contestants taking turns. */
export async function rows() {
  const x = ndarray("float32", [BATCH, FEATURES], Key.fromSeed(2).uniform(BATCH * FEATURES));
  const model = { name: "mlp", hidden: [HIDDEN], activation: "relu" };
  const stepOn = (backend) => trainingStep({ backend, model, x });
  const contestants = {
    ours: await stepOn(await tfjsNodeBackend({ device: "wasm" })),
    crossEntropy: layersStep(x, crossEntropy),
    gemini: layersStep(x, gemini),
    bare: bareProducts(),
    ort: await stepOn(await ortBackend(ortOptions(1))),
  };
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  try {
    for (const contestant of Object.values(contestants)) await timed(contestant, WARM_UP);
    for (let done = 0; done < STEPS; done += ROUND) {
      for (const [name, contestant] of Object.entries(contestants))
        times[name].push(...(await timed(contestant, ROUND)));
    }
  } finally {
    for (const contestant of Object.values(contestants)) await contestant.dispose();
  }
  const ms = median(times.ours);
  return [
    ["TensorFlow.js layers, cross-entropy", times.crossEntropy, 1.2],
    ["TensorFlow.js layers, MMD-OvA", times.gemini, 1.2],
    ["bare matrix products (TensorFlow.js)", times.bare, undefined],
    ["@semblance/backend-ort, 1 thread", times.ort, undefined],
  ].map(([peer, peerTimes, target]) => {
    const peerMs = median(peerTimes);
    const name = `tfjs/wasm: MLP 784-1200-10, MMD-OvA, Adam, batch ${BATCH}`;
    return { name, peer, ms, peerMs, ratio: ms / peerMs, target };
  });
}

await runAlone(import.meta.url, rows);
