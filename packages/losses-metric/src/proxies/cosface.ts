import { defineLoss, mul, sub } from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { reduceRows, reductionKey } from "../reduction.js";
import { classCosines, marginSoftmaxTerms } from "./class-cosines.js";
import { drawProxies, labelledEmbeddings, proxyShape } from "./owned-proxies.js";

const config = z.strictObject({
  margin: z.number().min(0).default(0.35).describe("m, taken from the own cosine"),
  scale: z.number().positive().default(64).describe("s, the factor of the cosines before the softmax"),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/cosface";

/**
 * Softmax classification by cosines, with a margin taken from the own one, minimised.
 *
 *     t = −log softmax(s·(cos θ − m·[k = c]))[c]
 *
 * θ is the angle between an embedding and the weight of a class, always of unit vectors.
 *
 * Shapes   embeddings x: [n, d]; labels y: [n]; weights `proxies` w: [C, d]  →  terms [n], reduced to []
 * Laws     t ≥ 0; unchanged by a rotation of embeddings and weights together, and by the length of each; m = 0: normalised softmax
 * Start    weights are drawn from N(0, 1)
 * Errors   PROXIES_UNKNOWN, PROXIES_INVALID, EMBEDDINGS_EMPTY; INDEX_OUT_OF_RANGE when a label is no class, while running
 * Source   Wang et al., CosFace: Large Margin Cosine Loss for Deep Face Recognition (CVPR 2018), equation 4
 */
export const cosface = defineLoss({
  name: NAME,
  summary: "Softmax classification by cosines, with a margin taken from the own one.",
  formula: "t = −log softmax(s·(cos θ − m·[k = c]))[c]",
  source: "Wang et al., CosFace: Large Margin Cosine Loss for Deep Face Recognition (CVPR 2018), equation 4",
  config,
  examples: [{}, { margin: 0.2, scale: 4, reduction: "sum" }],
  inputs: labelledEmbeddings,
  shards: "needs-gather",
  laws: ["non-negative", "rotation-invariant", scaleInvariant],
  init: (key, _, facts) => ({ proxies: drawProxies(key, proxyShape(facts, NAME)) }),
  build({ embeddings, labels }, { margin, scale, reduction }: Config, cx) {
    const cosines = classCosines(cx, embeddings!, NAME);
    return reduceRows(
      marginSoftmaxTerms(
        cosines,
        labels!,
        (own) => sub(own, margin),
        (changed) => mul(changed, scale),
      ),
      reduction,
    );
  },
});
