/**
 * The `count` smallest of `distances`, ascending, ties by lower index; entry `excluded` is passed over.
 *
 * A bounded heap: O(n log count), where sorting all n would cost n log n for every query.
 */
export function nearest(distances: Float64Array, count: number, excluded = -1): Int32Array {
  const available = distances.length - (excluded >= 0 && excluded < distances.length ? 1 : 0);
  const size = Math.min(count, available);
  const heap = new Int32Array(size);
  if (size === 0) return heap;
  // The root is the worst of those kept. Indices arrive ascending, so a later one never displaces an equal distance.
  const worse = (a: number, b: number) => distances[a]! > distances[b]! || (distances[a]! === distances[b]! && a > b);
  const sink = (from: number, end: number) => {
    let parent = from;
    const held = heap[parent]!;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= end) break;
      if (child + 1 < end && worse(heap[child + 1]!, heap[child]!)) child++;
      if (!worse(heap[child]!, held)) break;
      heap[parent] = heap[child]!;
      parent = child;
    }
    heap[parent] = held;
  };
  let filled = 0;
  for (let index = 0; index < distances.length; index++) {
    if (index === excluded) continue;
    if (filled < size) {
      heap[filled++] = index;
      if (filled === size) for (let p = (size >> 1) - 1; p >= 0; p--) sink(p, size);
    } else if (distances[index]! < distances[heap[0]!]!) {
      heap[0] = index;
      sink(0, size);
    }
  }
  for (let end = size - 1; end > 0; end--) {
    const last = heap[end]!;
    heap[end] = heap[0]!;
    heap[0] = last;
    sink(0, end);
  }
  return heap;
}
