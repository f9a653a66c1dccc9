import { z } from "zod";
import {
  abs,
  add,
  createCatalogue,
  createLearner,
  type Dataset,
  type Draw,
  defineDivergence,
  defineLoss,
  definePlugin,
  equal,
  type LearnerOptions,
  mean,
  mul,
  ndarray,
  pairwiseSquaredDistances,
  reshape,
  sub,
  sum,
  where,
  zerosLike,
} from "../src/index.js";
import { tinyData, tinyPlugin } from "./tiny-learner.js";

/** The squared distance with a learned scale. */
const scaled = defineDivergence<{ positive: boolean }>({
  name: "scaled",
  summary: "scaled squared distance, for tests",
  config: z.strictObject({ positive: z.boolean().default(false) }),
  symmetric: true,
  init: () => ({ scale: ndarray("float64", [], [2]) }),
  matrix: (x, y, _, { parameters }) => mul(pairwiseSquaredDistances(x, y), parameters.scale!),
});
const positive = defineDivergence({
  name: "positive",
  summary: "squared distance of positive numbers, for tests",
  config: z.strictObject({}),
  domain: { first: "non-negative", second: "positive" },
  matrix: (x, y) => pairwiseSquaredDistances(x, y),
});

/** Pulls together what belongs together; its centre follows the batch by itself. */
const pull = defineLoss<{ divergence: string; noisy: boolean }>({
  name: "pull",
  summary: "mean divergence of related rows, for tests",
  config: z.strictObject({ divergence: z.string().default("scaled"), noisy: z.boolean().default(false) }),
  inputs: {
    embeddings: { axes: ["n", "d"], type: "float", description: "embeddings", differentiable: true },
    labels: { axes: ["n"], type: "int32", description: "classes", optional: true },
    relations: { axes: ["n", "n"], type: "float", description: "relations", optional: true, domain: "relations" },
    noise: { axes: ["n", "d"], type: "float", description: "noise", optional: true },
  },
  shards: "needs-gather",
  divergence: ({ divergence }) => divergence,
  draws: ({ noisy }, { rows, width }): Record<string, Draw> =>
    noisy ? { noise: { shape: [rows, width], from: "normal" } } : {},
  init: (_, __, { width }) => ({ centre: ndarray("float64", [width!], new Float64Array(width!)) }),
  running: () => ["centre"],
  advance: ({ embeddings }, _, { parameters }) => ({
    centre: add(mul(parameters.centre!, 0.5), mul(mean(embeddings!, { axes: [0] }), 0.5)),
  }),
  build({ embeddings, labels, relations, noise }, { divergence }, cx) {
    const x = noise ? add(embeddings!, mul(noise, 0.1)) : embeddings!;
    const apart = cx.divergence(divergence).matrix(x, x);
    const rows = x.shape[0]!;
    const related = labels
      ? equal(reshape(labels, [rows, 1]), reshape(labels, [1, rows]))
      : equal(relations!, add(zerosLike(relations!), 1));
    cx.monitor("tuples", sum(where(related, add(zerosLike(apart), 1), 0)));
    return add(mean(where(related, apart, 0)), mul(sum(abs(sub(mean(x, { axes: [0] }), 1))), 0.1));
  },
});

const plugin = definePlugin({
  name: "embedding",
  version: "1.0.0",
  core: "*",
  register: (registry) => [scaled, positive, pull].forEach((entry) => registry.add(entry)),
});
export const embeddingCatalogue = createCatalogue([tinyPlugin, plugin]);

/** The corners, each a class. */
export function cornersWithLabels(): Dataset {
  const data = tinyData();
  const rows = data.features.shape[0]!;
  return { ...data, labels: { indices: Int32Array.from({ length: rows }, (_, i) => i % 3), names: ["a", "b", "c"] } };
}

export const embeddingLearner = (options: Partial<LearnerOptions> = {}) =>
  createLearner({
    catalogue: embeddingCatalogue,
    data: cornersWithLabels(),
    model: "tiny",
    loss: "pull",
    optimizer: "sgd",
    embedding: { width: 4 },
    ...options,
  });
