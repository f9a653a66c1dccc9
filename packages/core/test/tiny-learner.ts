import { z } from "zod";
import { CheckpointError } from "../src/errors.js";
import {
  add,
  createCatalogue,
  createLearner,
  type Dataset,
  defineLoss,
  defineModel,
  definePlugin,
  defineSampler,
  iota,
  type Learner,
  type LearnerOptions,
  matmul,
  mean,
  mul,
  ndarray,
  softmax,
  sub,
  sum,
  tanh,
  xLogY,
} from "../src/index.js";

/** A two-layer network, an entropy loss and a shuffling sampler: just enough of each to train something in core's own tests. */
const tinyModel = defineModel<{ width: number }>({
  name: "tiny",
  summary: "two layers, for tests",
  config: z.strictObject({ width: z.int().default(5) }),
  inductive: true,
  init: (key, { item, outputs }, { width }) => ({
    inner: ndarray("float64", [item[0]!, width], key.fold("inner").uniform(item[0]! * width, -1, 1)),
    offset: ndarray("float64", [width], new Float64Array(width)),
    bias: ndarray("float64", [outputs], new Float64Array(outputs)),
    outer: ndarray("float64", [width, outputs], key.fold("outer").uniform(width * outputs, -1, 1)),
  }),
  apply: ({ inner, offset, outer, bias }, x) => {
    const embeddings = tanh(add(matmul(x, inner!), offset!));
    const logits = add(matmul(embeddings, outer!), bias!);
    return { logits, embeddings, posteriors: softmax(logits) };
  },
});

const informationLoss = defineLoss<{ clusters: number; collapse: boolean }>({
  name: "information",
  summary: "minus the mutual information, for tests",
  config: z.strictObject({ clusters: z.int().default(3), collapse: z.boolean().default(false) }),
  inputs: { posteriors: { axes: ["n", "k"], type: "float", description: "rows on the simplex", differentiable: true } },
  shards: "needs-gather",
  outputs: ({ clusters }) => clusters,
  build: ({ posteriors }, { collapse }) => {
    const shares = mean(posteriors!, { axes: [0], keepDims: true });
    const within = mean(sum(xLogY(posteriors!, posteriors!), { axes: [1] }));
    // The mean cluster number is least when the first cluster has everything.
    if (collapse) return sum(mul(shares, iota(shares.size, shares.dtype === "float64" ? "float64" : "float32")));
    return sub(sum(xLogY(shares, shares)), within);
  },
});

const inOrder = defineSampler<{ batchSize: number }>({
  name: "shuffled",
  summary: "shuffled batches, for tests",
  config: z.strictObject({ batchSize: z.int().default(16) }),
  create({ rows, key, config: { batchSize } }) {
    let position = { epoch: 0, batch: 0 };
    const batchesPerEpoch = Math.ceil(rows / batchSize);
    return {
      batchesPerEpoch,
      next() {
        const { epoch, batch } = position;
        const order = key.fold(epoch).permutation(rows);
        const lastOfEpoch = batch + 1 === batchesPerEpoch;
        position = lastOfEpoch ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + 1 };
        return { indices: order.slice(batch * batchSize, (batch + 1) * batchSize), epoch, lastOfEpoch };
      },
      state: () => ({ ...position }),
      restore(state) {
        const { epoch, batch } = state as typeof position;
        if (!Number.isInteger(epoch)) throw new CheckpointError("SAMPLER_STATE_INVALID", "not a position");
        position = { epoch, batch };
      },
    };
  },
});

export const tinyPlugin = definePlugin({
  name: "tiny",
  version: "1.0.0",
  core: "*",
  register: (registry) => {
    for (const entry of [tinyModel, informationLoss, inOrder]) registry.add(entry);
  },
});

/** 50 points around three corners; 50 is no multiple of the batch size, so that an epoch ends in a smaller batch. */
export function tinyData(): Dataset {
  const corners = [
    [0, 3],
    [3, 0],
    [-3, -3],
  ];
  const rows = 50;
  const data = Float32Array.from(
    { length: rows * 2 },
    (_, i) => corners[(i >> 1) % 3]![i % 2]! + Math.sin(i * 12.9898) * 0.5,
  );
  return { name: "corners", features: ndarray("float32", [rows, 2], data) };
}

export function tinyLearner(
  options: { optimizer?: LearnerOptions["optimizer"]; loss?: object; stages?: LearnerOptions["stages"] } = {},
): Learner {
  const { optimizer = "adam", loss = {}, stages = [] } = options;
  return createLearner({
    catalogue: createCatalogue([tinyPlugin]),
    data: tinyData(),
    model: "tiny",
    loss: { name: "information", ...loss },
    optimizer,
    stages,
  });
}
