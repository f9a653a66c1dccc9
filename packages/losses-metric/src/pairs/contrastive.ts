import {
  add,
  type ComponentReference,
  cast,
  compareRows,
  componentReference,
  defineLoss,
  eye,
  type FloatDType,
  greater,
  lessOrEqual,
  mul,
  relu,
  scalar,
  square,
  sub,
  sum,
  type Tensor,
  where,
} from "@semblance/core";
import { z } from "zod";
import { minedMasks } from "../mining/mined-pairs.js";
import { minerKey, noiseDraws, noiseInput, requireNoiseUsed } from "../mining/noise.js";
import { monitorPairs } from "../monitor-pairs.js";
import { pairInputs } from "../pair-inputs.js";
import { marginKey, orderKey } from "../pair-keys.js";
import { type PairMasks, pairMasks } from "../pair-masks.js";
import { type Reduction, reduceMasked, reductionKey } from "../reduction.js";

const FORMS = ["paper", "notebook", "hadsell", "hinge"] as const;
type Form = (typeof FORMS)[number];

/** What a form is usually computed with. */
const STANDARD: Readonly<
  Record<Form, { readonly divergence: string; readonly normalise: boolean; readonly reduction: Reduction }>
> = {
  paper: { divergence: "squared-euclidean", normalise: false, reduction: "mean-valid" },
  notebook: { divergence: "squared-euclidean", normalise: false, reduction: "mean-valid" },
  hadsell: { divergence: "euclidean", normalise: false, reduction: "mean-valid" },
  hinge: { divergence: "euclidean", normalise: true, reduction: "mean-nonzero" },
};

const config = z.strictObject({
  form: z.enum(FORMS).default("paper").describe("which formula: paper, notebook, hadsell or hinge"),
  divergence: componentReference("divergence")
    .optional()
    .describe("what rows are compared by (paper and notebook squared-euclidean, hadsell and hinge euclidean)"),
  normalise: z
    .boolean()
    .optional()
    .describe("whether embeddings are scaled to unit length first (hinge true, the other forms false)"),
  margin: marginKey(1),
  positiveMargin: z.number().nonnegative().default(0).describe("positives nearer than this cost nothing (hinge only)"),
  reduction: reductionKey
    .removeDefault()
    .optional()
    .describe("how terms are folded (hinge mean-nonzero, the other forms mean-valid)"),
  order: orderKey,
  miner: minerKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/contrastive";
const divergenceOf = ({ form, divergence }: Config): ComponentReference => divergence ?? STANDARD[form].divergence;

/**
 * Pairs of one class near, pairs of different classes beyond a margin m, minimised. Four forms are in circulation:
 *
 *     paper      ½ D over positives,    ½ [m − D]₊² over negatives         the hinge is squared, D is not
 *     notebook   D over positives and the diagonal, [m − D]₊ over negatives
 *     hadsell    ½ d² over positives,   ½ [m − d]₊² over negatives         d is the divergence itself, as a rule Euclidean
 *     hinge      [D − m₊]₊ over positives and [m − D]₊ over negatives, each folded by itself, and added
 *
 * Pairs are ordered; a miner of triplets leaves the pairs (a, p) and (a, n), each once, and with a miner the diagonal is left out.
 *
 * Shapes   embeddings [n, d]; labels [n] or relations [n, n]  →  terms [n, n], reduced to []
 * Laws     t ≥ 0 where D ≥ 0; neither the order of rows nor the names of classes matter; only positives, or only negatives, leave
 *          their own part; without a pair 0, gradients too
 * Errors   SUPERVISION_MISSING, SUPERVISION_TWICE, NOISE_UNUSED
 * Source   Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020), section 4, and its notebook; Hadsell, Chopra, LeCun (CVPR 2006)
 */
export const contrastive = defineLoss({
  name: NAME,
  summary: "Pairs of one class near, pairs of different classes beyond a margin.",
  formula: "t = ½ D(a, p) over positives, ½ [m − D(a, n)]₊² over negatives (form: paper)",
  source:
    "Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020); Hadsell, Chopra, LeCun, Dimensionality Reduction by Learning an Invariant Mapping (CVPR 2006)",
  config,
  examples: [
    {},
    { form: "notebook", margin: 2, reduction: "sum" },
    { form: "hadsell", margin: 2, reduction: "per-anchor" },
    { form: "hinge", positiveMargin: 0.4 },
    { margin: 3, miner: "semi-hard" },
  ],
  inputs: { ...pairInputs, ...noiseInput },
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant"],
  divergence: divergenceOf,
  draws: ({ miner }, batch) => noiseDraws(miner !== undefined, batch),
  build(inputs, keys: Config, cx) {
    const embeddings = inputs.embeddings!;
    const { labels, relations, noise } = inputs;
    const { form, margin, order, miner } = keys;
    const { normalise = STANDARD[form].normalise } = keys;
    const dtype = embeddings.dtype as FloatDType;
    requireNoiseUsed(noise, miner !== undefined, NAME);
    const all = pairMasks({ labels, relations }, { loss: NAME, dtype });
    const chosen = miner ? minedMasks(cx, { miner, embeddings, labels, relations, noise }) : all;
    const d = compareRows(cx.divergence(divergenceOf(keys)), embeddings, { normalise, order });
    monitorPairs(cx, {
      divergences: d,
      masks: all,
      tuples: sum(cast(greater(add(chosen.positive, chosen.negative), 0), dtype)),
      margin: scalar(margin, dtype),
    });
    return fold(d, withDiagonal(chosen, form === "notebook" && !miner), keys);
  },
});

function fold(d: Tensor, { positive, negative }: PairMasks, keys: Config): Tensor {
  const { form, margin, positiveMargin, reduction = STANDARD[form].reduction } = keys;
  const missing = relu(sub(margin, d));
  if (form === "hinge") {
    return add(
      reduceMasked(relu(sub(d, positiveMargin)), positive, { reduction }),
      reduceMasked(missing, negative, { reduction }),
    );
  }
  const alike = greater(positive, 0);
  const mask = add(positive, negative);
  // At its corner this form has the slope of the inside, as in its source: TensorFlow's maximum passes the gradient on at a tie.
  const inside = where(lessOrEqual(d, margin), sub(margin, d), 0);
  if (form === "notebook") return reduceMasked(where(alike, d, inside), mask, { reduction });
  const near = form === "hadsell" ? square(d) : d;
  return reduceMasked(mul(where(alike, near, square(missing)), 0.5), mask, { reduction });
}

function withDiagonal(masks: PairMasks, wanted: boolean): PairMasks {
  if (!wanted) return masks;
  const { shape, dtype } = masks.positive;
  return { ...masks, positive: add(masks.positive, eye(shape[0]!, dtype)) };
}
