import {
  add,
  cast,
  defineLoss,
  div,
  greater,
  matmul,
  matrixTranspose,
  maximum,
  mul,
  not,
  softplus,
  sub,
  sum,
  normalise as toUnitLength,
} from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { classMask } from "./class-mask.js";
import { drawProxies, labelledEmbeddings, proxiesOf, proxyShape } from "./owned-proxies.js";

const config = z.strictObject({
  alpha: z.number().positive().default(32).describe("α, how sharply the hardest rows count"),
  margin: z.number().default(0.1).describe("δ, the similarity asked of positives and allowed to negatives"),
  normalise: z.boolean().default(true).describe("scale embeddings and proxies to unit length first"),
});
type Config = z.infer<typeof config>;
const NAME = "metric/proxy-anchor";

/**
 * Proxies as anchors, each pulling the rows of its class and pushing all others by how hard they are, minimised.
 *
 *     L = (1/|P⁺|) Σ_{p ∈ P⁺} log(1 + Σ_{i: yᵢ = p} exp(−α(S_ip − δ))) + (1/C) Σ_p log(1 + Σ_{i: yᵢ ≠ p} exp(α(S_ip + δ)))
 *
 * P⁺ are the proxies that have a row in the batch, S = u·p.
 *
 * Shapes   embeddings x: [n, d]; labels y: [n]; weights `proxies` p: [C, d]  →  []
 * Laws     L ≥ 0; unchanged by a rotation of embeddings and proxies together; of unit vectors, unchanged by the length of each
 * Start    proxies are drawn from N(0, 2/C), He et al. by fan-out
 * Errors   PROXIES_UNKNOWN, PROXIES_INVALID, EMBEDDINGS_EMPTY; INDEX_OUT_OF_RANGE when a label is no class, while running
 * Source   Kim et al., Proxy Anchor Loss for Deep Metric Learning (CVPR 2020), equation 4
 */
export const proxyAnchor = defineLoss({
  name: NAME,
  summary: "Proxies as anchors that pull their class and push all others, the hardest most.",
  formula: "L = mean_{p∈P⁺} log(1 + Σ₊ exp(−α(S − δ))) + mean_p log(1 + Σ₋ exp(α(S + δ)))",
  source: "Kim et al., Proxy Anchor Loss for Deep Metric Learning (CVPR 2020), equation 4",
  config,
  examples: [{}, { alpha: 8, margin: 0.2 }, { alpha: 2, normalise: false }],
  inputs: labelledEmbeddings,
  shards: "needs-gather",
  laws: ["non-negative", "rotation-invariant", scaleInvariant],
  init(key, _, facts) {
    const shape = proxyShape(facts, NAME);
    return { proxies: drawProxies(key, shape, Math.sqrt(2 / shape[0])) };
  },
  build({ embeddings, labels }, { alpha, margin, normalise }: Config, cx) {
    const proxies = proxiesOf(cx, embeddings!, NAME);
    const [x, p] = normalise ? [toUnitLength(embeddings!), toUnitLength(proxies)] : [embeddings!, proxies];
    const similarity = matmul(x, matrixTranspose(p));
    const own = classMask(labels!, p.shape[0]!);
    const pull = softplus(maskedLogSumExp(mul(sub(margin, similarity), alpha), own, 0));
    const push = softplus(maskedLogSumExp(mul(add(similarity, margin), alpha), not(own), 0));
    const rows = sum(cast(own, x.dtype), { axes: [0] });
    // A proxy without rows has no pull: 0 in the sum, and it is not counted.
    const present = sum(cast(greater(rows, 0), x.dtype));
    return add(div(sum(pull), maximum(present, 1)), div(sum(push), p.shape[0]!));
  },
});
