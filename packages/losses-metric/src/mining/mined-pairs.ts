import {
  type BuildContext,
  type ComponentReference,
  callHost,
  defineHostOperator,
  type GapRange,
  type MiningBatch,
  ndarray,
  slice,
  sum,
  type Tensor,
} from "@semblance/core";
import { forEachTripletAnchor } from "../miners/partners.js";
import type { PairMasks } from "../pair-masks.js";
import { type Chooser, forEachTriplet, miningBatch, relationIn } from "./chooser.js";
import { divergencesOf, sumGaps } from "./sum-gaps.js";

/** Whether a pair that is in several triplets counts once, or once for each. */
export type PairCounting = "once" | "per-triplet";

interface MinedPairsAttributes {
  readonly chooser: Chooser;
  readonly counting: PairCounting;
  readonly width: number;
}

/**
 * The pairs that a chooser takes of a batch: labels [n] or relations [n, n]; what it compares by [n, n]; its noise [n, n] where it
 * draws → weights of positives [n, n], of negatives [n, n], and how many draws were made from all [1]. Nothing is differentiable.
 */
const minedPairs = defineHostOperator<MinedPairsAttributes>({
  name: "mined-pairs",
  infer: ([, divergences]) => {
    const { dtype, shape } = divergences!;
    return [
      { dtype, shape },
      { dtype, shape },
      { dtype, shape: [1] },
    ];
  },
  run([supervision, divergences, noise], { chooser, counting, width }) {
    let fallback = 0;
    const batch = miningBatch({
      supervision: supervision!,
      divergences: divergences!,
      noise,
      width,
      fallback: (draws) => {
        fallback = draws;
      },
    });
    const { rows } = batch;
    const relation = relationIn(batch);
    const [positive, negative] = [new Float64Array(rows * rows), new Float64Array(rows * rows)];
    if (chooser.gaps && !batch.relations) {
      countByGaps(batch, chooser.gaps, { positive, negative, counting });
    } else if (chooser.tuples === "pairs" && counting === "once") {
      chooser.choose(batch, (anchor, other) => {
        const related = relation(anchor, other);
        (related > 0 ? positive : negative)[anchor * rows + other] = Math.abs(related);
      });
    } else {
      forEachTriplet(batch, chooser, (a, p, n) => {
        const [alike, different] = [relation(a, p), -relation(a, n)];
        if (counting === "once") {
          positive[a * rows + p] = alike;
          negative[a * rows + n] = different;
        } else {
          positive[a * rows + p]! += alike * different;
          negative[a * rows + n]! += alike * different;
        }
      });
    }
    const { dtype, shape } = divergences!;
    return [ndarray(dtype, shape, positive), ndarray(dtype, shape, negative), ndarray(dtype, [1], [fallback])];
  },
});

/** Of triplets that are chosen by their gaps, in how many each pair is. */
function countByGaps(
  batch: MiningBatch,
  gaps: GapRange,
  {
    positive,
    negative,
    counting,
  }: { readonly positive: Float64Array; readonly negative: Float64Array; readonly counting: PairCounting },
): void {
  const counted = (count: number) => (counting === "once" ? Math.min(count, 1) : count);
  forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
    const start = anchor * batch.rows;
    const [near, far] = [positives, negatives].map((rows) => divergencesOf(batch.divergences, start, rows));
    const { ofPositives, ofNegatives } = sumGaps(near!, far!, gaps);
    for (let at = 0; at < positives.length; at++) positive[start + positives[at]!] = counted(ofPositives[at]!);
    for (let at = 0; at < negatives.length; at++) negative[start + negatives[at]!] = counted(ofNegatives[at]!);
  });
}

/** Whose pairs are chosen, and by what; labels or relations are given. */
export interface MinedMasksOptions {
  readonly miner: ComponentReference;
  readonly embeddings: Tensor;
  readonly labels?: Tensor | undefined;
  readonly relations?: Tensor | undefined;
  /** [n, n], for a miner that draws. */
  readonly noise?: Tensor | undefined;
  /** Once unless it says otherwise. */
  readonly counting?: PairCounting;
}

/**
 * The masks of the pairs that a miner chooses of a batch; of a miner of triplets they are the pairs (a, p) and (a, n). Masks of all pairs
 * come from `pairMasks`, which also says when labels and relations are missing.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN of the miner
 */
export function minedMasks(cx: Pick<BuildContext, "miner" | "monitor">, options: MinedMasksOptions): PairMasks {
  const { embeddings, labels, relations, noise, counting = "once" } = options;
  const chooser = cx.miner(options.miner);
  const inputs = [labels ?? relations!, chooser.divergences(embeddings), ...(chooser.random && noise ? [noise] : [])];
  const [positive, negative, fallback] = callHost(minedPairs, inputs, {
    chooser,
    counting,
    width: embeddings.shape[1]!,
  });
  if (chooser.random) cx.monitor("fallback", sum(slice(fallback!, { axis: 0, start: 0, end: 1 })));
  return { positive: positive!, negative: negative! };
}
