import {
  add,
  defineLoss,
  mul,
  neg,
  not,
  pairwiseSquaredDistances,
  sum,
  normalise as toUnitLength,
  where,
} from "@semblance/core";
import { z } from "zod";
import { crossEntropyTerms } from "../cross-entropy-terms.js";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { reduceRows, reductionKey } from "../reduction.js";
import { classMask } from "./class-mask.js";
import { drawProxies, labelledEmbeddings, proxiesOf, proxyShape } from "./owned-proxies.js";

const config = z.strictObject({
  scale: z.number().positive().default(1).describe("s, the factor of the squared distances"),
  ownProxy: z
    .enum(["excluded", "included"])
    .default("excluded")
    .describe("whether the own proxy is among those that a row is pushed from; with it, the loss is a softmax"),
  normalise: z.boolean().default(true).describe("scale embeddings and proxies to unit length first"),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/proxy-nca";

/**
 * Neighbourhood components analysis against one learned proxy a class, minimised.
 *
 *     tᵢ = s‖uᵢ − p_c‖² + log Σ_{k≠c} exp(−s‖uᵢ − p_k‖²),  c = yᵢ            (`included`: k over all proxies, t = −log softmax)
 *
 * Shapes   embeddings x: [n, d]; labels y: [n]; weights `proxies` p: [C, d]  →  terms [n], reduced to []
 * Laws     `excluded` may be negative, `included` is not; unchanged by a rotation of embeddings and proxies together; of unit vectors,
 *          unchanged by the length of each. With one class there is nothing to be pushed from: 0 if excluded
 * Start    proxies are drawn from N(0, 1)
 * Errors   PROXIES_UNKNOWN, PROXIES_INVALID, EMBEDDINGS_EMPTY; INDEX_OUT_OF_RANGE when a label is no class, while running
 * Source   Movshovitz-Attias et al., No Fuss Distance Metric Learning using Proxies (ICCV 2017)
 */
export const proxyNca = defineLoss({
  name: NAME,
  summary: "Neighbourhood components analysis against one learned proxy a class.",
  formula: "t = s‖u − p_c‖² + log Σ_{k≠c} exp(−s‖u − p_k‖²)",
  source: "Movshovitz-Attias et al., No Fuss Distance Metric Learning using Proxies (ICCV 2017)",
  config,
  examples: [{}, { ownProxy: "included", scale: 3 }, { normalise: false, reduction: "sum" }],
  inputs: labelledEmbeddings,
  shards: "needs-gather",
  laws: ["rotation-invariant", scaleInvariant],
  init: (key, _, facts) => ({ proxies: drawProxies(key, proxyShape(facts, NAME)) }),
  build({ embeddings, labels }, { scale, ownProxy, normalise, reduction }: Config, cx) {
    const x = embeddings!;
    const proxies = proxiesOf(cx, x, NAME);
    // Of unit vectors inner products lose nothing; of others small problems are subtracted.
    const squares = normalise
      ? pairwiseSquaredDistances(toUnitLength(x), toUnitLength(proxies), "gram")
      : pairwiseSquaredDistances(x, proxies);
    const logits = neg(mul(squares, scale));
    if (ownProxy === "included") return reduceRows(crossEntropyTerms(logits, labels!), reduction);
    const own = classMask(labels!, proxies.shape[0]!);
    const distance = neg(sum(where(own, logits, 0), { axes: [1] }));
    if (proxies.shape[0] === 1) return mul(reduceRows(distance, reduction), 0);
    return reduceRows(add(distance, maskedLogSumExp(logits, not(own))), reduction);
  },
});
