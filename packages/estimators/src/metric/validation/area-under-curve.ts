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
