import type { EpochWarning } from "./watch-clusters.js";

/** What was told of the batches of an epoch, by `monitor`. */
export interface MonitorSums {
  /** Of each, the sum over the steps. */
  readonly sums: Readonly<Record<string, readonly number[]>>;
  readonly count: number;
  /** Steps with nothing to compare. */
  readonly empty: number;
  /** The number of classes, where it is known. */
  readonly classes?: number;
}

/** Where positives and negatives are apart by less than this part of the margin, nothing tells them apart. */
const COLLAPSED = 1e-2;
/** Differences of divergences below this change no odds by a hundredth. */
const UNDECIDED = 1e-2;
/** An output that is the largest of fewer rows than this part of a fair share is not in use. */
const INACTIVE = 1e-2;

/** What the batches of an epoch say that a user should know: nothing to compare, embeddings that coincide, outputs not in use. */
export function watchEmbeddings({ sums, count, empty, classes }: MonitorSums): EpochWarning[] {
  if (count === 0) return [];
  const meanOf = (name: string) => (sums[name] ? sums[name][0]! / count : undefined);
  const warnings: EpochWarning[] = [];
  if (empty > 0) {
    warnings.push({
      code: "NOTHING_TO_COMPARE",
      message: `${empty} of ${count} batches held nothing to compare: no pair or triplet that the loss could learn from. Their loss and gradient are 0. Use a sampler that puts several rows of a class into each batch, such as per-class, or larger batches.`,
    });
  }
  const [positive, negative, margin] = [meanOf("positive"), meanOf("negative"), meanOf("margin")];
  if (positive !== undefined && negative !== undefined && margin !== undefined && empty < count) {
    if (margin > 0 && Math.abs(negative - positive) < COLLAPSED * margin && positive < COLLAPSED * margin) {
      warnings.push({
        code: "EMBEDDINGS_COLLAPSED",
        message: `all embeddings are nearly the same: pairs of one class and of different classes are ${positive.toPrecision(2)} and ${negative.toPrecision(2)} apart, and the loss sits at the margin of ${margin}. Lower the learning rate, begin with easier tuples (miner semi-hard or distance-weighted instead of batch-hard), or normalise the embeddings.`,
      });
    }
  }
  const [term, chance] = [meanOf("term"), meanOf("chance")];
  if (positive !== undefined && negative !== undefined && term !== undefined && chance !== undefined && empty < count) {
    // A mean difference of 0 alone may be that of rows far apart in all directions: their loss is above chance.
    if (chance > 0 && Math.abs(negative - positive) < UNDECIDED && Math.abs(term - chance) < UNDECIDED * chance) {
      warnings.push({
        code: "EMBEDDINGS_COLLAPSED",
        message: `nothing tells rows apart: pairs of one class and of different classes have divergences of ${positive.toPrecision(2)} and ${negative.toPrecision(2)}, and the loss sits at ${chance.toPrecision(3)}, what it is by chance. Lower the learning rate and the penalty on lengths, or normalise the embeddings.`,
      });
    }
  }
  const fallback = meanOf("fallback");
  if (fallback !== undefined && fallback > 0) {
    warnings.push({
      code: "DRAWN_FROM_ALL",
      message: `${Math.ceil(fallback)} anchors a batch had no negative within the limits of the miner, and took one of all. Raise nonzeroLossCutoff, or leave it where the share is small.`,
    });
  }
  const active = sums.active?.map((sum) => sum / count);
  if (active && active.length > 1) {
    const used = active.filter((share) => share > INACTIVE / active.length).length;
    const wanted = Math.min(classes ?? active.length, active.length);
    if (used < wanted) {
      warnings.push({
        code: "INACTIVE_OUTPUTS",
        message: `only ${used} of ${active.length} outputs are the largest of some row, and there are ${wanted} classes to tell apart: rows that share one are 0 apart and have no gradient. Warm up with cross-entropy for an epoch or more (warmup), or use the log-sum-exp divergence.`,
      });
    }
  }
  return warnings;
}
