import {
  type BuildContext,
  type ComponentReference,
  ConfigError,
  callHost,
  compareRows,
  defineLoss,
  pairwiseDistances,
  scalar,
  slice,
  stopGradient,
  sum,
  type Tensor,
  normalise as toUnitLength,
} from "@semblance/core";
import { z } from "zod";
import { batchHard } from "../miners/batch-hard.js";
import { distanceWeighted, weightingKeys } from "../miners/distance-weighted.js";
import { semiHard } from "../miners/semi-hard.js";
import type { Chooser } from "../mining/chooser.js";
import { minerKey, noiseDraws, noiseInput, requireNoiseUsed } from "../mining/noise.js";
import { pairInputs } from "../pair-inputs.js";
import { divergenceKey, marginKey, normaliseKey, orderKey } from "../pair-keys.js";
import { requireOneSupervision } from "../pair-masks.js";
import { reductionKeyOf } from "../reduction.js";
import { REPORT, tripletSum } from "./triplet-operator.js";

const config = z.strictObject({
  divergence: divergenceKey("euclidean"),
  normalise: normaliseKey(true),
  margin: marginKey(0.2),
  reduction: reductionKeyOf("mean-nonzero"),
  order: orderKey,
  mining: z
    .enum(["all", "batch-hard", "semi-hard", "distance-weighted"])
    .default("all")
    .describe(
      "which triplets, compared by the divergence of the loss: all, batch-hard, semi-hard or distance-weighted",
    ),
  softMargin: z.boolean().default(false).describe("log(1 + exp(·)) instead of the hinge, which then has no margin"),
  swap: z.boolean().default(false).describe("whether D(p, n) stands for D(a, n) where it is smaller"),
  ...weightingKeys,
  miner: minerKey,
});
type Config = z.infer<typeof config>;
const NAME = "metric/triplet";
const mines = ({ miner, mining }: Config) => miner !== undefined || mining === "distance-weighted";

/**
 * An anchor nearer to its positive than to its negative by a margin m, minimised.
 *
 *     t = [D(a, p) − D(a, n) + m]₊                          softMargin   t = log(1 + exp(D(a, p) − D(a, n)))
 *
 * With D the squared Euclidean divergence it is FaceNet's loss; with the Euclidean one and distance-weighted mining it is the one that is
 * called Triplet², in which nothing is squared. `miner` chooses by a comparison of its own; of a miner of pairs all combinations of
 * what it keeps of an anchor are triplets. `distance-weighted` always compares unit vectors. No gradient passes through a choice.
 *
 * Shapes   embeddings [n, d]; labels [n] or relations [n, n]; noise [n, n] where something draws  →  terms of triplets, reduced to []
 * Laws     t ≥ 0; neither the order of rows nor the names of classes matter; without a triplet 0, gradients too. The second derivative
 *          by D is exact: 0 of a hinge, that of the logistic function of a soft margin
 * Errors   SUPERVISION_MISSING, SUPERVISION_TWICE, MINING_TWICE, NOISE_UNUSED
 * Source   Schroff, Kalenichenko, Philbin, FaceNet (CVPR 2015); Lin et al., Deep Variational Metric Learning (ECCV 2018), equations 2 and 4;
 *          Hermans, Beyer, Leibe (2017) for batch-hard and the soft margin
 */
export const triplet = defineLoss({
  name: NAME,
  summary: "An anchor nearer to its positive than to its negative by a margin.",
  formula: "t = [D(a, p) − D(a, n) + m]₊",
  source:
    "Schroff, Kalenichenko, Philbin, FaceNet (CVPR 2015); Lin et al., Deep Variational Metric Learning (ECCV 2018)",
  config,
  examples: [
    {},
    { divergence: "squared-euclidean", normalise: false, margin: 1, mining: "batch-hard", reduction: "mean-valid" },
    { mining: "semi-hard", reduction: "per-anchor" },
    { mining: "distance-weighted", margin: 0.5, reduction: "sum" },
    { softMargin: true, swap: true },
    { miner: "multi-similarity", margin: 0.6, reduction: "per-anchor" },
  ],
  inputs: { ...pairInputs, ...noiseInput },
  shards: "needs-gather",
  laws: ["non-negative", "label-renaming-invariant", "rotation-invariant"],
  divergence: ({ divergence }) => divergence,
  draws: (keys, batch) => noiseDraws(mines(keys), batch),
  build(inputs, keys: Config, cx) {
    const x = inputs.embeddings!;
    const { labels, relations, noise } = inputs;
    const { margin, softMargin, swap, reduction } = keys;
    requireNoiseUsed(noise, mines(keys), NAME);
    requireOneSupervision({ labels, relations }, NAME);
    const d = compareRows(cx.divergence(keys.divergence), x, keys);
    const { chooser, divergences = d } = choosing(x, keys, cx);
    const [value, , report] = callHost(tripletSum, [d, labels ?? relations!, divergences, ...(noise ? [noise] : [])], {
      terms: { margin, softMargin, swap, reduction },
      chooser,
      width: x.shape[1]!,
    });
    const told = (place: number) => sum(slice(report!, { axis: 0, start: place, end: place + 1 }));
    for (const [name, place] of Object.entries(REPORT)) {
      if (name !== "fallback" || mines(keys)) cx.monitor(name, told(place));
    }
    if (!softMargin) cx.monitor("margin", scalar(margin, x.dtype));
    return value!;
  },
});

/** What chooses the triplets, and the matrix that it chooses by where that is not the loss's own. */
function choosing(
  x: Tensor,
  { mining, miner, cutoff, nonzeroLossCutoff }: Config,
  cx: Pick<BuildContext, "miner">,
): { readonly chooser?: Chooser; readonly divergences?: Tensor } {
  if (miner !== undefined) {
    requireMinedOnce(miner, mining);
    const chooser = cx.miner(miner);
    // All triplets of the loss are cheaper than the same ones handed over one by one.
    return chooser.name === "all" ? {} : { chooser, divergences: chooser.divergences(x) };
  }
  const own = { divergence: "", normalise: true, order: "anchor-first" } as const;
  switch (mining) {
    case "all":
      return {};
    case "batch-hard":
      return { chooser: { tuples: "triplets", choose: (batch, keep) => batchHard.triplets!(batch, own, keep) } };
    case "semi-hard":
      return { chooser: { tuples: "triplets", choose: (batch, keep) => semiHard.triplets!(batch, own, keep) } };
    case "distance-weighted": {
      const weighting = { cutoff, nonzeroLossCutoff };
      const unit = toUnitLength(stopGradient(x));
      return {
        chooser: { tuples: "triplets", choose: (batch, keep) => distanceWeighted.triplets!(batch, weighting, keep) },
        divergences: pairwiseDistances(unit, unit),
      };
    }
    default:
      return mining satisfies never;
  }
}

function requireMinedOnce(miner: ComponentReference, mining: Config["mining"]): void {
  if (mining === "all") return;
  const name = typeof miner === "string" ? miner : miner.name;
  throw new ConfigError("MINING_TWICE", `mining "${mining}" and miner "${name}" both choose the triplets`, {
    where: `loss "${NAME}"`,
    fix: "Give one of the two: `mining` compares by the divergence of the loss, `miner` by its own.",
  });
}
