import { defineLoss, less, maximum, mul, sqrt, square, sub, type Tensor, where } from "@semblance/core";
import { z } from "zod";
import { scaleInvariant } from "../laws/scale-invariant.js";
import { reduceRows, reductionKey } from "../reduction.js";
import { classCosines, marginSoftmaxTerms } from "./class-cosines.js";
import { drawProxies, labelledEmbeddings, proxyShape } from "./owned-proxies.js";

const config = z.strictObject({
  margin: z.number().min(0).max(180).default(28.6).describe("m, the angle in degrees added to the own one"),
  scale: z.number().positive().default(64).describe("s, the factor of the cosines before the softmax"),
  reduction: reductionKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/arcface";

/** Below this sin²θ counts as it, so that its root has a derivative: θ is then within 10⁻⁶ of 0 or π. */
const LEAST_SQUARED_SINE = 1e-12;

/**
 * Softmax classification by angles, with an angle added to the own one, minimised.
 *
 *     t = −log softmax(s·cos θ′)[c],   θ′_c = θ_c + m, and cos θ′_c = cos θ_c − m sin m where θ_c > π − m;   θ′_k = θ_k elsewhere
 *
 * θ is the angle between an embedding and the weight of a class, always of unit vectors.
 *
 * Shapes   embeddings x: [n, d]; labels y: [n]; weights `proxies` w: [C, d]  →  terms [n], reduced to []
 * Laws     t ≥ 0; unchanged by a rotation of embeddings and weights together, and by the length of each; m = 0: normalised softmax
 * Start    weights are drawn from N(0, 1)
 * Errors   PROXIES_UNKNOWN, PROXIES_INVALID, EMBEDDINGS_EMPTY; INDEX_OUT_OF_RANGE when a label is no class, while running
 * Source   Deng et al., ArcFace: Additive Angular Margin Loss for Deep Face Recognition (CVPR 2019), equation 3
 */
export const arcface = defineLoss({
  name: NAME,
  summary: "Softmax classification by angles, with a margin added to the own angle.",
  formula: "t = −log softmax(s·cos θ′)[c], θ′_c = θ_c + m",
  source: "Deng et al., ArcFace: Additive Angular Margin Loss for Deep Face Recognition (CVPR 2019), equation 3",
  config,
  examples: [{}, { margin: 60, scale: 8 }, { margin: 20, scale: 4, reduction: "sum" }],
  inputs: labelledEmbeddings,
  shards: "needs-gather",
  laws: ["non-negative", "rotation-invariant", scaleInvariant],
  init: (key, _, facts) => ({ proxies: drawProxies(key, proxyShape(facts, NAME)) }),
  build({ embeddings, labels }, { margin, scale, reduction }: Config, cx) {
    const cosines = classCosines(cx, embeddings!, NAME);
    const widened = (own: Tensor) => addAngle(own, (margin * Math.PI) / 180);
    return reduceRows(
      marginSoftmaxTerms(cosines, labels!, widened, (changed) => mul(changed, scale)),
      reduction,
    );
  },
});

/** cos(θ + m) from cos θ without an arccosine, whose derivative is infinite at ±1; decreasing in θ to the end. */
function addAngle(cosine: Tensor, m: number): Tensor {
  const sine = sqrt(maximum(sub(1, square(cosine)), LEAST_SQUARED_SINE));
  const added = sub(mul(cosine, Math.cos(m)), mul(sine, Math.sin(m)));
  const past = less(cosine, -Math.cos(m));
  return where(past, sub(cosine, m * Math.sin(m)), added);
}
