import { defineLoss, div, matmul, matrixTranspose, normalise as toUnitLength } from "@semblance/core";
import { z } from "zod";
import { crossEntropyTerms } from "../cross-entropy-terms.js";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { reduceRows, reductionKey } from "../reduction.js";
import { drawProxies, labelledEmbeddings, proxiesOf, proxyShape } from "./owned-proxies.js";

const config = z.strictObject({
  temperature: z.number().positive().default(0.05).describe("τ, what the cosines are divided by before the softmax"),
  normalise: z.boolean().default(true).describe("scale embeddings to unit length first; class weights always are"),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/normalised-softmax";

/**
 * Softmax classification by cosines with a temperature, minimised.
 *
 *     t = −log softmax(u·w/τ)[c],   w of unit length
 *
 * Shapes   embeddings x: [n, d]; labels y: [n]; weights `proxies` w: [C, d]  →  terms [n], reduced to []
 * Laws     t ≥ 0; unchanged by a rotation of embeddings and weights together; of unit vectors, unchanged by the length of each
 * Start    weights are drawn from N(0, 1)
 * Errors   PROXIES_UNKNOWN, PROXIES_INVALID, EMBEDDINGS_EMPTY; INDEX_OUT_OF_RANGE when a label is no class, while running
 * Source   Zhai, Wu, Classification is a Strong Baseline for Deep Metric Learning (BMVC 2019), equation 3
 */
export const normalisedSoftmax = defineLoss({
  name: NAME,
  summary: "Softmax classification by cosines with a temperature.",
  formula: "t = −log softmax(u·w/τ)[c]",
  source: "Zhai, Wu, Classification is a Strong Baseline for Deep Metric Learning (BMVC 2019), equation 3",
  config,
  examples: [{}, { temperature: 0.5, normalise: false }, { temperature: 0.2, reduction: "sum" }],
  inputs: labelledEmbeddings,
  shards: "needs-gather",
  laws: ["non-negative", "rotation-invariant", scaleInvariant],
  init: (key, _, facts) => ({ proxies: drawProxies(key, proxyShape(facts, NAME)) }),
  build({ embeddings, labels }, { temperature, normalise, reduction }: Config, cx) {
    const weights = toUnitLength(proxiesOf(cx, embeddings!, NAME));
    const x = normalise ? toUnitLength(embeddings!) : embeddings!;
    const logits = div(matmul(x, matrixTranspose(weights)), temperature);
    return reduceRows(crossEntropyTerms(logits, labels!), reduction);
  },
});
