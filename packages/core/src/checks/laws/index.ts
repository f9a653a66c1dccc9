import type { Loss } from "../../contracts/loss.js";
import type { LossLaw, LossLawName } from "../../contracts/loss-law.js";
import { clusterPermutationInvariant, emptyClusterInvariant, zeroWhenIndependent } from "./clusters.js";
import { labelRenamingInvariant } from "./labels.js";
import { rotationInvariant, rowShiftInvariant, translationInvariant } from "./movements.js";
import { repetitionInvariant, rowPermutationInvariant, sumOfShards } from "./rows.js";
import { nonNegative, nonPositive } from "./signs.js";

/** The named laws. The type is closed: a name without a law does not compile. */
const named: { readonly [Name in LossLawName]: LossLaw | ((loss: Loss) => LossLaw) } = {
  "non-negative": nonNegative,
  "non-positive": nonPositive,
  "cluster-permutation-invariant": clusterPermutationInvariant,
  "empty-cluster-invariant": emptyClusterInvariant,
  "zero-when-independent": zeroWhenIndependent,
  "repetition-invariant": repetitionInvariant,
  "label-renaming-invariant": labelRenamingInvariant,
  "row-shift-invariant": rowShiftInvariant,
  "translation-invariant": translationInvariant,
  "rotation-invariant": rotationInvariant,
};

/** What a loss claims: the laws that it names or brings, the order of rows unless it reads it, and its shard rule. */
export function lawsOf(loss: Loss): LossLaw[] {
  const claimed = (loss.laws ?? []).map((law) => {
    if (typeof law !== "string") return law;
    const known = named[law];
    return typeof known === "function" ? known(loss) : known;
  });
  return [
    ...(loss.orderedRows ? [] : [rowPermutationInvariant(loss)]),
    ...claimed,
    ...(loss.shards === "sum" ? [sumOfShards(loss)] : []),
  ];
}
