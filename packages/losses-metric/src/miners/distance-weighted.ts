import { defineMiner, type MiningBatch } from "@semblance/core";
import { z } from "zod";
import { forEachAnchor, forEachTripletAnchor, largestOf } from "./partners.js";

/** What distance weighting is told, by the miner or by a loss that mines so. */
export const weightingKeys = {
  cutoff: z.number().positive().max(2).default(0.5).describe("distances below this count as this"),
  nonzeroLossCutoff: z
    .number()
    .positive()
    .max(2)
    .default(1.4)
    .describe("negatives from this distance on are not drawn"),
} as const;

export interface Weighting {
  readonly cutoff: number;
  readonly nonzeroLossCutoff: number;
}

const config = z.strictObject(weightingKeys);

/** 1 − d²/4 is 0 between opposite points. */
const SMALLEST = 1e-8;

/**
 * log 1/q(d) up to a constant, of the density q of the distances of random points on the unit sphere in ℝᴰ.
 *
 *     q(d) ∝ d^{D−2} (1 − d²/4)^{(D−3)/2}
 */
export function logWeight(distance: number, width: number, { cutoff }: Pick<Weighting, "cutoff">): number {
  const d = Math.max(distance, cutoff);
  return (2 - width) * Math.log(d) - ((width - 3) / 2) * Math.log(Math.max(1 - (d * d) / 4, SMALLEST));
}

/** The candidates of an anchor, and how likely each is. */
interface Candidates {
  readonly rows: Int32Array;
  readonly probabilities: Float64Array;
  /** Whether none was within the cutoff, so that all negatives are equally likely. */
  readonly fallback: boolean;
}

/**
 * The largest log-weight is taken off within each row. Over the whole batch it would not do: in 512 dimensions log-weights span
 * hundreds, and one near pair would leave no other anchor a weight above 0.
 */
function candidatesOf(anchor: number, negatives: Int32Array, batch: MiningBatch, weighting: Weighting): Candidates {
  const distance = (row: number) => batch.divergences[anchor * batch.rows + row]!;
  const within = negatives.filter((row) => distance(row) < weighting.nonzeroLossCutoff);
  if (within.length === 0) {
    const probabilities = new Float64Array(negatives.length).fill(1 / negatives.length);
    return { rows: negatives, probabilities, fallback: true };
  }
  const logs = Float64Array.from(within, (row) => logWeight(distance(row), batch.width, weighting));
  const largest = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const weights = logs.map((value) => Math.exp(value - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { rows: within, probabilities: weights.map((weight) => weight / total), fallback: false };
}

/**
 * Every positive of an anchor with one negative, drawn with the inverse of the density of its distance, so that negatives of all
 * distances are met. With noise a draw is the inverse of the cumulated probabilities, of rows in ascending order of distance, so that
 * the order of the batch does not matter; without it, it is the most likely negative. The distances are those of unit vectors.
 */
export function drawTriplets(
  batch: MiningBatch,
  weighting: Weighting,
  keep: (anchor: number, positive: number, negative: number) => void,
): void {
  const { noise, rows, divergences } = batch;
  let fallbacks = 0;
  forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
    const distance = (row: number) => divergences[anchor * rows + row]!;
    const ranked = negatives.toSorted((a, b) => distance(a) - distance(b) || a - b);
    const candidates = candidatesOf(anchor, ranked, batch, weighting);
    if (candidates.fallback) fallbacks += positives.length;
    const draw = noise ? inverseCumulative(candidates) : mostLikely(candidates);
    for (const positive of positives) keep(anchor, positive, draw(noise?.[anchor * rows + positive] ?? 0));
  });
  batch.fallback?.(fallbacks);
}

function inverseCumulative({ rows, probabilities }: Candidates): (uniform: number) => number {
  const cumulated = new Float64Array(rows.length);
  let sum = 0;
  for (let at = 0; at < rows.length; at++) {
    sum += probabilities[at]!;
    cumulated[at] = sum;
  }
  return (uniform) => {
    const target = uniform * sum;
    let [low, high] = [0, rows.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulated[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return rows[low]!;
  };
}

function mostLikely({ rows, probabilities }: Candidates): () => number {
  const places = Int32Array.from(rows, (_, place) => place);
  const best = rows[largestOf(places, (place) => probabilities[place]!)]!;
  return () => best;
}

/**
 * Distance-weighted sampling: each positive of an anchor with a negative drawn with probability ∝ 1/q(d).
 *
 *     log wₖ = (2 − D) log d − ½(D − 3) log(1 − d²/4),  d ← max(d, cutoff);   w = 0 from nonzeroLossCutoff on
 *
 * Where no negative is within the cutoff, all are equally likely, and the batch is told.
 *
 * Source   Wu, Manmatha, Smola, Krähenbühl, Sampling Matters in Deep Embedding Learning (ICCV 2017), section 4
 */
export const distanceWeighted = defineMiner({
  name: "distance-weighted",
  summary: "Each positive with a negative drawn so that all distances are met.",
  formula: "p(n | a) ∝ 1/q(‖a − n‖),  q(d) ∝ d^{D−2} (1 − d²/4)^{(D−3)/2}",
  source: "Wu, Manmatha, Smola, Krähenbühl, Sampling Matters in Deep Embedding Learning (ICCV 2017), section 4",
  config,
  random: true,
  // The density is that of distances on the unit sphere, and of no other comparison.
  comparison: () => ({ divergence: "euclidean", normalise: true, order: "anchor-first" }),
  triplets: drawTriplets,
  probabilities(batch, weighting: z.infer<typeof config>) {
    const matrix = new Float64Array(batch.rows * batch.rows);
    forEachAnchor(batch, ({ anchor, negatives }) => {
      if (negatives.length === 0) return;
      const { rows, probabilities } = candidatesOf(anchor, negatives, batch, weighting);
      rows.forEach((row, place) => {
        matrix[anchor * batch.rows + row] = probabilities[place]!;
      });
    });
    return matrix;
  },
});
