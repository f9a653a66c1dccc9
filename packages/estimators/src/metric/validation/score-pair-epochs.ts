import { divergenceWeights, takeRows, type Validation } from "@semblance/core";
import { Comparer } from "../comparer.js";
import { comparisonOf } from "../comparison.js";
import { areaUnderCurve } from "./area-under-curve.js";
import type { EpochScoring } from "./score-epochs.js";

/**
 * How epochs are scored by pairs: the probability that a held-out pair that is the same is nearer, by the divergence of the loss, than one that is
 * not (`pair-auc`).
 */
export function scorePairEpochs({ catalogue, backend, loss, validation, held }: EpochScoring): Validation {
  const { every, patience, start } = validation;
  const { supervision } = held;
  if (supervision?.form !== "pairs") throw new Error("pairs are held out of pairs alone");
  const comparison = comparisonOf(catalogue, loss);
  const end = (of: 0 | 1) => supervision.rows.filter((_, at) => at % 2 === of);
  const [first, second] = [end(0), end(1)];
  return {
    name: "pair-auc",
    higherIsBetter: true,
    every,
    start,
    ...(patience === undefined ? {} : { patience }),
    async score(predictor, state) {
      const { embeddings } = await predictor.predict(held.features);
      const comparer = new Comparer({ catalogue, backend, comparison, weights: divergenceWeights(state) });
      try {
        const apart = await comparer.paired(takeRows(embeddings!, first), takeRows(embeddings!, second));
        const of = (same: boolean) => apart.filter((_, pair) => supervision.similarity[pair]! > 0 === same);
        return areaUnderCurve(of(true), of(false)) ?? Number.NaN;
      } finally {
        await comparer.dispose();
      }
    },
  };
}
