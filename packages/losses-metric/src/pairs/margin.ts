import {
  add,
  type BuildContext,
  ConfigError,
  cast,
  compareRows,
  concat,
  defineLoss,
  type FloatDType,
  gather,
  greater,
  mean,
  mul,
  ndarray,
  type ParameterArrays,
  relu,
  reshape,
  scalar,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";
import { minedMasks } from "../mining/mined-pairs.js";
import { minerKey, noiseDraws, noiseInput, requireNoiseUsed } from "../mining/noise.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { divergenceKey, marginKey, normaliseKey, orderKey } from "../pair-keys.js";
import { type PairMasks, pairMasks } from "../pair-masks.js";
import { reduceMasked, reductionKeyOf } from "../reduction.js";

const config = z.strictObject({
  divergence: divergenceKey("euclidean"),
  normalise: normaliseKey(true),
  margin: marginKey(0.2),
  beta: z
    .number()
    .default(1.2)
    .describe("β, the boundary between positives and negatives; where it is learned, its start"),
  learnBeta: z
    .enum(["no", "shared", "per-class"])
    .default("no")
    .describe("whether β is learned: no, shared (one for all) or per-class (one for the class of an anchor)"),
  nu: z
    .number()
    .nonnegative()
    .default(0)
    .describe("ν, the weight of β, of its mean over classes where there are several"),
  reduction: reductionKeyOf("mean-nonzero"),
  order: orderKey,
  miner: minerKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/margin";

/**
 * Positives within β − α of their anchor, negatives beyond β + α, minimised. β may be learned, for all or for each class.
 *
 *     t(a, p, n) = [D(a, p) − β + α]₊ + [β − D(a, n) + α]₊          and  + ν β
 *
 * The sum is over triplets: a pair counts once for each that it is in, those of `miner` or all. `mean-valid` and `per-anchor` divide by
 * triplets, `mean-nonzero` by the positive and negative parts that are above 0.
 *
 * Shapes   embeddings [n, d]; labels [n] or relations [n, n]; weights `beta` [1] or [C] where they are learned  →  []
 * Laws     t ≥ 0; neither the order of rows nor the names of classes matter; without a triplet 0, gradients too
 * Start    β is 1.2, or what the configuration says
 * Errors   SUPERVISION_MISSING, SUPERVISION_TWICE, NOISE_UNUSED, CLASSES_UNKNOWN; INDEX_OUT_OF_RANGE when a label has no β, while running
 * Source   Wu, Manmatha, Smola, Krähenbühl, Sampling Matters in Deep Embedding Learning (ICCV 2017), section 4.1
 */
export const margin = defineLoss({
  name: NAME,
  summary: "Positives within a boundary around their anchor, negatives beyond it.",
  formula: "t = [D(a, p) − β + α]₊ + [β − D(a, n) + α]₊",
  source: "Wu, Manmatha, Smola, Krähenbühl, Sampling Matters in Deep Embedding Learning (ICCV 2017), section 4.1",
  config,
  examples: [
    {},
    { learnBeta: "shared", nu: 0.1, reduction: "mean-valid" },
    { learnBeta: "per-class", margin: 0.5, reduction: "per-anchor" },
    { miner: "distance-weighted", beta: 1, reduction: "sum" },
  ],
  inputs: { ...pairInputs, ...noiseInput },
  shards: "needs-gather",
  laws: ["non-negative", "rotation-invariant"],
  divergence: ({ divergence }) => divergence,
  draws: ({ miner }, batch) => noiseDraws(miner !== undefined, batch),
  init(_key, { learnBeta, beta }, { classes }): ParameterArrays {
    if (learnBeta === "no") return {};
    const count = learnBeta === "shared" ? 1 : requireClasses(classes);
    return { beta: ndarray("float64", [count], new Float64Array(count).fill(beta)) };
  },
  build(inputs, keys: Config, cx) {
    const embeddings = inputs.embeddings!;
    const { labels, relations, noise } = inputs;
    const { miner, reduction, nu } = keys;
    const dtype = embeddings.dtype as FloatDType;
    requireNoiseUsed(noise, miner !== undefined, NAME);
    const all = pairMasks({ labels, relations }, { loss: NAME, dtype });
    const { positive, negative } = miner
      ? minedMasks(cx, { miner, embeddings, labels, relations, noise, counting: "per-triplet" })
      : countedPerTriplet(all);
    const d = compareRows(cx.divergence(keys.divergence), embeddings, keys);
    const triplets = sum(positive);
    monitorPairs(cx, { divergences: d, masks: all, tuples: triplets, margin: scalar(keys.margin, dtype) });
    const beta = betaOf(cx, keys, dtype);
    const boundary = beta.size === 1 ? reshape(beta, [1, 1]) : ofAnchors(beta, labels);
    const parts = concat([relu(add(sub(d, boundary), keys.margin)), relu(add(sub(boundary, d), keys.margin))], 1);
    const folded = reduceMasked(parts, concat([positive, negative], 1), { reduction });
    // Every triplet has two parts, of which the mask holds the weights: means are over triplets.
    const value = reduction === "mean-valid" || reduction === "per-anchor" ? mul(folded, 2) : folded;
    if (nu === 0) return value;
    const present = cast(greater(triplets, 0), dtype);
    return add(value, mul(mean(beta), mul(present, nu)));
  },
});

/** The weight of a pair is that of the triplets that it is in: of (a, p) the weight of the anchor's negatives, and the other way round. */
function countedPerTriplet({ positive, negative }: PairMasks): PairMasks {
  const ofAnchor = (mask: Tensor) => sum(mask, { axes: [1], keepDims: true });
  return { positive: mul(positive, ofAnchor(negative)), negative: mul(negative, ofAnchor(positive)) };
}

function betaOf(cx: Pick<BuildContext, "parameters">, { beta }: Config, dtype: FloatDType): Tensor {
  return cx.parameters.beta ?? reshape(scalar(beta, dtype), [1]);
}

/** [C] by the class of each anchor → [n, 1]. */
function ofAnchors(beta: Tensor, labels: Tensor | undefined): Tensor {
  if (!labels) throw classesUnknown("relations do not say the class of an anchor, and there is a β for each class");
  return reshape(gather(beta, labels, 0), [labels.shape[0]!, 1]);
}

function requireClasses(classes: number | undefined): number {
  if (classes !== undefined) return classes;
  throw classesUnknown("there is a β for each class, and the number of classes is not known");
}

function classesUnknown(message: string): ConfigError {
  return new ConfigError("CLASSES_UNKNOWN", message, {
    where: `loss "${NAME}"`,
    fix: "Pass labels, or set learnBeta to shared.",
  });
}
