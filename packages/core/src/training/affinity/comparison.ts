import type { SettledAffinity } from "../../container/bind-affinity.js";
import type { Catalogue, Chosen } from "../../container/catalogue.js";
import type { Distance } from "../../contracts/distance.js";
import type { Kernel } from "../../contracts/kernel.js";
import type { AffinityReference } from "../../contracts/loss.js";

/** The kernel or distance that a loss compares rows by. */
export interface Comparison extends AffinityReference {
  readonly entry: Kernel | Distance;
  readonly config: unknown;
}

export interface ComparingLearner {
  readonly catalogue: Catalogue;
  readonly loss: Chosen<"loss">;
}

/** What the loss of a learner compares rows by; undefined where it compares none. */
export function comparisonOf({ catalogue, loss }: ComparingLearner): Comparison | undefined {
  const asked = loss.entry.affinity?.(loss.config);
  return asked && { ...asked, ...catalogue.choose(asked.kind, asked.reference) };
}

/** What is known without a look at the data: a matrix that no formula gives must be fed. */
export function unsettledAffinity(learner: ComparingLearner): SettledAffinity | undefined {
  const comparison = comparisonOf(learner);
  if (!comparison) return undefined;
  const { kind, reference, config, entry } = comparison;
  return { kind, reference, config, fed: !entry.matrix };
}
