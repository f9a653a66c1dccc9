import {
  add,
  cast,
  defineLoss,
  div,
  gather,
  matmul,
  matrixTranspose,
  mul,
  ndarray,
  reshape,
  square,
  stopGradient,
  sub,
  sum,
  normalise as toUnitLength,
} from "@semblance/core";
import { z } from "zod";
import { reduceRows, reductionKey } from "../reduction.js";
import { classMask } from "./class-mask.js";
import { labelledEmbeddings, proxiesOf, proxyShape } from "./owned-proxies.js";

const config = z.strictObject({
  alpha: z.number().min(0).max(1).default(0.5).describe("α, how far a step moves a centre towards its rows"),
  normalise: z.boolean().default(false).describe("scale embeddings to unit length first; centres never are"),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/center";

/**
 * The squared distance of each row from the centre of its class, minimised; a companion of a classifier, since alone it is least
 * where everything coincides.
 *
 *     t = ½ ‖x − c_y‖²,        c ← c − α Σ_{i: yᵢ = c} (c − xᵢ)/(1 + n_c)  after each step
 *
 * Centres are no weights that a gradient moves: a step moves them towards its rows, and the centre of a class without rows stays.
 *
 * Shapes   embeddings x: [n, d]; labels y: [n]; weights `proxies` c: [C, d]  →  terms [n], reduced to []
 * Laws     t ≥ 0; unchanged by a rotation of embeddings and centres together
 * Start    centres are 0
 * Errors   PROXIES_UNKNOWN, PROXIES_INVALID, EMBEDDINGS_EMPTY; INDEX_OUT_OF_RANGE when a label is no class, while running
 * Source   Wen et al., A Discriminative Feature Learning Approach for Deep Face Recognition (ECCV 2016), equations 2 to 4
 */
export const center = defineLoss({
  name: NAME,
  summary: "Squared distance of each row from the centre of its class.",
  formula: "t = ½ ‖x − c_y‖²",
  source:
    "Wen et al., A Discriminative Feature Learning Approach for Deep Face Recognition (ECCV 2016), equations 2 to 4",
  config,
  examples: [{}, { normalise: true, reduction: "sum" }],
  inputs: labelledEmbeddings,
  shards: "needs-gather",
  laws: ["non-negative", "rotation-invariant"],
  init(_, __, facts) {
    const [classes, width] = proxyShape(facts, NAME);
    return { proxies: ndarray("float64", [classes, width], new Float64Array(classes * width)) };
  },
  running: () => ["proxies"],
  advance({ embeddings, labels }, { alpha, normalise }: Config, cx) {
    const x = normalise ? toUnitLength(embeddings!) : embeddings!;
    const centres = proxiesOf(cx, x, NAME);
    const own = cast(classMask(labels!, centres.shape[0]!), x.dtype);
    const counts = reshape(sum(own, { axes: [0] }), [centres.shape[0]!, 1]);
    const away = sub(mul(counts, centres), matmul(matrixTranspose(own), x));
    return { proxies: sub(centres, mul(div(away, add(counts, 1)), alpha)) };
  },
  build({ embeddings, labels }, { normalise, reduction }: Config, cx) {
    const x = normalise ? toUnitLength(embeddings!) : embeddings!;
    const centres = stopGradient(proxiesOf(cx, x, NAME));
    const squares = sum(square(sub(x, gather(centres, labels!, 0))), { axes: [1] });
    return reduceRows(mul(squares, 0.5), reduction);
  },
});
