/** How many triangles are looked at, and how far off rounding in single precision may put them. */
const TRIANGLES = 512;
const SLACK = 1e-6;

/**
 * Whether costs between the same points look like a metric: nothing is cheaper than staying, and no drawn triangle has a side longer
 * than the other two. It only chooses where a solve starts: a wrong answer costs time.
 *
 * @param cost [points, points], row-major
 */
export function looksMetric(cost: Float64Array, points: number): boolean {
  // A fixed sequence, so that the same costs are always judged alike (Numerical Recipes' quick generator).
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * points);
  };
  for (let triangle = 0; triangle < TRIANGLES; triangle++) {
    const [i, j, k] = [draw(), draw(), draw()];
    const direct = cost[i * points + j]!;
    if (direct > (cost[i * points + k]! + cost[k * points + j]!) * (1 + SLACK)) return false;
  }
  return stayingIsCheapest(cost, points);
}

/** After the triangles, of which a few tell most other costs apart: here all costs are read. */
function stayingIsCheapest(cost: Float64Array, points: number): boolean {
  const staying = Float64Array.from({ length: points }, (_, point) => cost[point * (points + 1)]!);
  for (let i = 0, arc = 0; i < points; i++) {
    const here = staying[i]!;
    for (let j = 0; j < points; j++, arc++) if (cost[arc]! < here || cost[arc]! < staying[j]!) return false;
  }
  return true;
}
