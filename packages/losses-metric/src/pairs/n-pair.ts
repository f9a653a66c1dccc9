import {
  add,
  type BoundDivergence,
  type BuildContext,
  ConfigError,
  type DivergenceOrder,
  defineLoss,
  div,
  eye,
  type FloatDType,
  full,
  gather,
  gatherDistinct,
  gatherElements,
  greater,
  iota,
  log,
  matrixTranspose,
  mul,
  reshape,
  ShapeError,
  slice,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  normalise as toUnitLength,
} from "@semblance/core";
import { z } from "zod";
import { maskedLogSumExp } from "../masked-log-sum-exp.js";
import { minerKey, noiseDraws, noiseInput, requireNoiseUsed } from "../mining/noise.js";
import { pairInputs } from "../pair-inputs.js";
import { divergenceKey, normaliseKey, orderKey } from "../pair-keys.js";
import { requireOneSupervision } from "../pair-masks.js";
import { orOne, reduceMasked, reductionKey } from "../reduction.js";
import { choosePairsOf } from "./choose-pairs.js";

const config = z.strictObject({
  divergence: divergenceKey("negative-dot"),
  normalise: normaliseKey(false),
  penalty: z
    .number()
    .nonnegative()
    .default(0)
    .describe("λ, the weight of the squared lengths of anchors and positives"),
  reduction: reductionKey,
  order: orderKey,
  miner: minerKey,
});
type Config = z.infer<typeof config>;
type Inputs = Readonly<Record<string, Tensor | undefined>>;
const NAME = "metric/n-pair";

/** Anchors z and positives z⁺ [n, d], whose rows belong together. */
interface Pairs {
  readonly anchors: Tensor;
  readonly positives: Tensor;
  /** [n]: 1 where a row is a pair with at least one negative; others only fill up. */
  readonly valid: Tensor;
  /** [n, n]: 1 where the positive of column j is a negative of anchor i. */
  readonly negatives: Tensor;
}

/**
 * An anchor nearer to its own positive than to the positives of all other pairs, minimised: the cross-entropy of telling them apart.
 *
 *     tᵢ = log(1 + Σ_{j≠i} exp(D(zᵢ, zᵢ⁺) − D(zᵢ, zⱼ⁺)))          and  + λ (1/2N) Σ (‖zᵢ‖² + ‖zᵢ⁺‖²)
 *
 * With the negative inner product as D it is the multi-class N-pair loss. Pairs are `anchors` and `positives`, or the first two rows of
 * each class of `embeddings`; of a miner, the first pair of a class that it keeps. The penalty is on rows as they are, normalised or not.
 *
 * Shapes   anchors, positives [N, d], or embeddings [n, d] with labels [n] or relations [n, n]  →  terms [n], reduced to []
 * Laws     t ≥ 0; the names of classes do not matter; 0 of one pair, gradients too; log N where all rows are equal
 * Errors   EMBEDDINGS_EMPTY, PAIRS_AMBIGUOUS, SUPERVISION_MISSING, SUPERVISION_TWICE, NOISE_UNUSED, MINER_UNUSED
 * Source   Sohn, Improved Deep Metric Learning with Multi-class N-pair Loss Objective (NIPS 2016), equation 6
 */
export const nPair = defineLoss({
  name: NAME,
  summary: "An anchor nearer to its own positive than to those of all other pairs.",
  formula: "t = log(1 + Σ_{j≠i} exp(zᵢᵀzⱼ⁺ − zᵢᵀzᵢ⁺))",
  source: "Sohn, Improved Deep Metric Learning with Multi-class N-pair Loss Objective (NIPS 2016), equation 6",
  config,
  examples: [
    { divergence: "squared-euclidean" },
    { divergence: "squared-euclidean", normalise: true, penalty: 0.01, reduction: "sum" },
    { divergence: "squared-euclidean", miner: "semi-hard", reduction: "per-anchor" },
  ],
  inputs: {
    embeddings: {
      ...pairInputs.embeddings,
      optional: true,
      description: "rows of which a class's first two are a pair",
    },
    labels: pairInputs.labels,
    relations: pairInputs.relations,
    anchors: {
      axes: ["pairs", "d"],
      type: "float",
      description: "z, beside positives",
      optional: true,
      differentiable: true,
    },
    positives: {
      axes: ["pairs", "d"],
      type: "float",
      description: "z⁺, row by row",
      optional: true,
      differentiable: true,
    },
    ...noiseInput,
  },
  shards: "needs-gather",
  orderedRows: true,
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant"],
  divergence: ({ divergence }) => divergence,
  draws: ({ miner }, batch) => noiseDraws(miner !== undefined, batch),
  build(inputs, keys: Config, cx) {
    requireNoiseUsed(inputs.noise, keys.miner !== undefined, NAME);
    const { anchors, positives, valid, negatives } = pairsOf(inputs, keys, cx);
    const rows = anchors.shape[0]!;
    const dtype = anchors.dtype as FloatDType;
    const compared = (x: Tensor) => (keys.normalise ? toUnitLength(x) : x);
    const d = compareApart(cx.divergence(keys.divergence), compared(anchors), compared(positives), keys.order);
    const own = gatherElements(d, reshape(iota(rows), [rows, 1]), 1);
    const terms = maskedLogSumExp(sub(own, d), greater(add(negatives, eye(rows, dtype)), 0));
    const pairs = sum(valid);
    tell(cx, { d, own: reshape(own, [rows]), valid, negatives, terms });
    const value = reduceMasked(terms, valid, { reduction: keys.reduction });
    if (keys.penalty === 0) return value;
    const lengths = sum(add(square(anchors), square(positives)), { axes: [1] });
    return add(value, div(mul(sum(mul(lengths, valid)), keys.penalty / 2), orOne(pairs)));
  },
});

function pairsOf(inputs: Inputs, { miner }: Config, cx: BuildContext): Pairs {
  const { embeddings, labels, relations, anchors, positives, noise } = inputs;
  if ((embeddings ?? anchors)?.shape[0] === 0) throw noRows();
  if (embeddings && !anchors && !positives) {
    requireOneSupervision({ labels, relations }, NAME);
    const chooser = miner === undefined ? undefined : cx.miner(miner);
    const chosen = choosePairsOf(
      embeddings,
      labels ?? relations!,
      chooser && { chooser, divergences: chooser.divergences(embeddings), noise: chooser.random ? noise : undefined },
    );
    const places = chosen.valid.shape[0]!;
    // One row makes no pair, and is then there twice.
    const taken = (embeddings.shape[0]! > 1 ? gatherDistinct : gather)(embeddings, chosen.rows);
    return {
      anchors: slice(taken, { axis: 0, start: 0, end: places }),
      positives: slice(taken, { axis: 0, start: places }),
      valid: chosen.valid,
      negatives: chosen.negatives,
    };
  }
  if (!anchors || !positives || embeddings || labels || relations) throw pairsAmbiguous();
  if (miner !== undefined) throw minerUnused();
  const rows = anchors.shape[0]!;
  const dtype = anchors.dtype as FloatDType;
  return {
    anchors,
    positives,
    valid: full([rows], rows > 1 ? 1 : 0, dtype),
    negatives: sub(1, eye(rows, dtype)),
  };
}

function noRows(): ShapeError {
  return new ShapeError("EMBEDDINGS_EMPTY", "there are no rows to compare", {
    where: `loss "${NAME}"`,
    fix: "Pass at least one row.",
  });
}

/** D between anchors and positives [n, n], in the order that is asked for. */
function compareApart(divergence: BoundDivergence, anchors: Tensor, positives: Tensor, order: DivergenceOrder): Tensor {
  const first = () => divergence.matrix(anchors, positives);
  const second = () => matrixTranspose(divergence.matrix(positives, anchors));
  if (divergence.symmetric || order === "anchor-first") return first();
  return order === "anchor-second" ? second() : mul(add(first(), second()), 0.5);
}

interface Told extends Pick<Pairs, "valid" | "negatives"> {
  readonly d: Tensor;
  /** [n] */
  readonly own: Tensor;
  /** [n] */
  readonly terms: Tensor;
}

function tell(cx: Pick<BuildContext, "monitor">, { d, own, valid, negatives, terms }: Told): void {
  const meanOf = (x: Tensor, mask: Tensor) => div(sum(mul(stopGradient(x), mask)), orOne(sum(mask)));
  cx.monitor("tuples", sum(valid));
  cx.monitor("positive", meanOf(own, valid));
  cx.monitor("negative", meanOf(d, negatives));
  cx.monitor("term", meanOf(terms, valid));
  // The positive and all negatives are as likely.
  cx.monitor("chance", meanOf(log(add(sum(negatives, { axes: [1] }), 1)), valid));
}

function pairsAmbiguous(): ConfigError {
  return new ConfigError("PAIRS_AMBIGUOUS", "it is not clear which rows are pairs", {
    where: `loss "${NAME}"`,
    fix: "Pass anchors and positives, or embeddings with labels or relations, and nothing of the other.",
  });
}

function minerUnused(): ConfigError {
  return new ConfigError("MINER_UNUSED", "a miner is given, and anchors and positives say which rows are pairs", {
    where: `loss "${NAME}"`,
    fix: "Leave it out, or pass embeddings with labels.",
  });
}
