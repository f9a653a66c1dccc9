import { inputEmpty, valueNotFinite } from "../errors.js";

/** Distances of pairs of the same class, and of pairs of different classes. */
export interface PairDistances {
  readonly same: ArrayLike<number>;
  readonly different: ArrayLike<number>;
}

/** How well one number tells pairs of the same class from others. */
export interface PairThreshold {
  /** Pairs at most this far apart are taken to be of one class. */
  readonly threshold: number;
  /** The mean of the shares of same pairs within it and of different pairs beyond it; chance is 0.5, however rare same pairs are. */
  readonly accuracy: number;
  /** Where as many same pairs are turned away as different ones let in: that share. */
  readonly equalErrorRate: number;
  /** The probability that a same pair is nearer than a different one, ties counting half: the area under the curve of hits against false alarms. */
  readonly areaUnderCurve: number;
}

/**
 * The distance that separates pairs of the same class best, the equal error rate, and the area under the curve.
 *
 *     accuracy(t) = ½ (P(d ≤ t | same) + P(d > t | different))
 *
 * The threshold lies halfway between two distances that occur, the lowest of equally good ones. It is fitted to these very pairs.
 *
 * @throws DataError INPUT_EMPTY when there are no pairs of one kind, VALUE_NOT_FINITE
 */
export function bestThreshold({ same, different }: PairDistances): PairThreshold {
  const [near, far] = [sortedOf("same", same), sortedOf("different", different)];
  let best = { threshold: Math.min(near[0]!, far[0]!), accuracy: 0.5 };
  let equal = { gap: Number.POSITIVE_INFINITY, rate: 0.5 };
  let [kept, admitted, wins] = [0, 0, 0];
  while (kept < near.length || admitted < far.length) {
    const at = Math.min(near[kept] ?? Number.POSITIVE_INFINITY, far[admitted] ?? Number.POSITIVE_INFINITY);
    const [keptBefore, admittedBefore] = [kept, admitted];
    while (near[kept] === at) kept++;
    while (far[admitted] === at) admitted++;
    wins += (kept - keptBefore) * (far.length - (admitted + admittedBefore) / 2);
    const next = Math.min(near[kept] ?? Number.POSITIVE_INFINITY, far[admitted] ?? Number.POSITIVE_INFINITY);
    const [rejected, passed] = [1 - kept / near.length, admitted / far.length];
    const accuracy = 1 - (rejected + passed) / 2;
    if (accuracy > best.accuracy) {
      best = { threshold: next === Number.POSITIVE_INFINITY ? at : at + (next - at) / 2, accuracy };
    }
    const gap = Math.abs(rejected - passed);
    if (gap < equal.gap) equal = { gap, rate: (rejected + passed) / 2 };
  }
  return { ...best, equalErrorRate: equal.rate, areaUnderCurve: wins / (near.length * far.length) };
}

function sortedOf(name: string, distances: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(distances).sort();
  if (sorted.length === 0) throw inputEmpty(name);
  const bad = sorted.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw valueNotFinite(name, bad, 0, sorted[bad]!);
  return sorted;
}
