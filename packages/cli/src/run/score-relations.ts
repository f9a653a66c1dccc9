import type { NdArray, Supervision } from "@semblance/core";
import type { Score } from "./score.js";

/**
 * How well distances of embeddings agree with what is known of rows.
 *
 * - `pair-auc`: the probability that a similar pair is closer than a different one, ties counting half
 * - `triplet-accuracy`: the share of triplets whose positive is closer to the anchor than their negative
 *
 * Distances are Euclidean.
 */
export function scoreRelations(supervision: Supervision | undefined, embeddings: NdArray): Score[] {
  if (supervision?.form === "pairs") {
    const { rows, similarity } = supervision;
    const distances = Float64Array.from(similarity, (_, pair) =>
      squaredDistance(embeddings, rows[2 * pair]!, rows[2 * pair + 1]!),
    );
    const of = (kept: (value: number) => boolean) => distances.filter((_, pair) => kept(similarity[pair]!));
    return [
      scored(
        "pair-auc",
        areaUnderCurve(
          of((value) => value > 0),
          of((value) => value < 0),
        ),
      ),
    ];
  }
  if (supervision?.form === "triplets") {
    const { rows } = supervision;
    const count = rows.length / 3;
    let right = 0;
    for (let at = 0; at < rows.length; at += 3) {
      const [anchor, positive, negative] = [rows[at]!, rows[at + 1]!, rows[at + 2]!];
      if (squaredDistance(embeddings, anchor, positive) < squaredDistance(embeddings, anchor, negative)) right++;
    }
    return [scored("triplet-accuracy", count === 0 ? undefined : right / count)];
  }
  return [];
}

function scored(name: string, value: number | undefined): Score {
  const reason = "the scored rows have no such pairs of both kinds, or no triplets";
  return { name, higherIsBetter: true, ...(value === undefined ? { reason } : { value }) };
}

/** P(near < far) + ½ P(near = far), from ranks: n log n rather than all pairs of pairs. */
export function areaUnderCurve(near: Float64Array, far: Float64Array): number | undefined {
  if (near.length === 0 || far.length === 0) return undefined;
  const sorted = far.slice().sort();
  let wins = 0;
  for (const value of near) {
    const [below, upTo] = [countBelow(sorted, value), countUpTo(sorted, value)];
    wins += sorted.length - upTo + (upTo - below) / 2;
  }
  return wins / (near.length * far.length);
}

const countBelow = (sorted: Float64Array, value: number) => bisect(sorted, (other) => other < value);
const countUpTo = (sorted: Float64Array, value: number) => bisect(sorted, (other) => other <= value);

/** How many leading elements pass a test that no later one passes once one has failed. */
function bisect(sorted: Float64Array, passes: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function squaredDistance({ shape, data }: NdArray, a: number, b: number): number {
  const width = shape[1]!;
  let sum = 0;
  for (let k = 0; k < width; k++) sum += (data[a * width + k]! - data[b * width + k]!) ** 2;
  return sum;
}
