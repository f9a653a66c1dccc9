import {
  add,
  defineLoss,
  definePlugin,
  equal,
  maximum,
  mean,
  reshape,
  square,
  sub,
  sum,
  where,
  zerosLike,
} from "@semblance/core";
import { z } from "zod";

/** A contrastive loss over any divergence, with a miner's name to keep, for tests of jobs. */
const apart = defineLoss<{ divergence: string; miner: string }>({
  name: "test/apart",
  summary: "related rows near, others at least 1 apart, for tests",
  config: z.strictObject({
    divergence: z.string().default("squared-euclidean"),
    miner: z.string().default("all"),
  }),
  inputs: {
    embeddings: { axes: ["n", "d"], type: "float", description: "embeddings", differentiable: true },
    labels: { axes: ["n"], type: "int32", description: "classes", optional: true },
    relations: { axes: ["n", "n"], type: "float", description: "relations", optional: true, domain: "relations" },
  },
  shards: "needs-gather",
  divergence: ({ divergence }) => divergence,
  build({ embeddings, labels, relations }, { divergence }, cx) {
    const x = embeddings!;
    const rows = x.shape[0]!;
    const d = cx.divergence(divergence).matrix(x, x);
    const one = add(zerosLike(d), 1);
    const [near, far] = labels
      ? [
          equal(reshape(labels, [rows, 1]), reshape(labels, [1, rows])),
          equal(where(equal(reshape(labels, [rows, 1]), reshape(labels, [1, rows])), one, zerosLike(d)), zerosLike(d)),
        ]
      : [equal(relations!, one), equal(relations!, sub(zerosLike(d), one))];
    const hinge = square(maximum(sub(one, d), zerosLike(d)));
    cx.monitor("tuples", sum(add(where(near, one, zerosLike(d)), where(far, one, zerosLike(d)))));
    return mean(add(where(near, d, zerosLike(d)), where(far, hinge, zerosLike(d))));
  },
});

export const apartPlugin = definePlugin({
  name: "test-apart",
  version: "1.0.0",
  core: "*",
  register: (registry) => registry.add(apart),
});
