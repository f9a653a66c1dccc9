import { distancesAfter, type Rows } from "./euclidean-rows.js";

/** An undirected graph of n vertices in compressed rows: the neighbours of i are `neighbours[starts[i]] … [starts[i + 1] − 1]`, ascending. */
export interface NeighbourGraph {
  readonly n: number;
  /** [n + 1]; float64, as there may be more than 2³¹ entries. */
  readonly starts: Float64Array;
  readonly neighbours: Uint16Array | Int32Array;
}

/** Joins each two rows whose Euclidean distance is below the threshold. */
export function neighbourGraph(rows: Rows, threshold: number): NeighbourGraph {
  const { n } = rows;
  const later = laterNeighbours(rows, threshold);
  const starts = new Float64Array(n + 1);
  later.forEach((others, i) => {
    starts[i + 1]! += others.length;
    for (let k = 0; k < others.length; k++) starts[others[k]! + 1]!++;
  });
  for (let i = 0; i < n; i++) starts[i + 1]! += starts[i]!;
  const neighbours = indexArray(n, starts[n]!);
  const ends = starts.slice(0, n);
  // In the order of i, row j collects its earlier neighbours before its own turn comes to add the later ones: ascending.
  later.forEach((others, i) => {
    neighbours.set(others as never, ends[i]!);
    ends[i]! += others.length;
    for (let k = 0; k < others.length; k++) neighbours[ends[others[k]!]!++] = i;
  });
  return { n, starts, neighbours };
}

/** For each row its neighbours among the rows after it. */
function laterNeighbours(rows: Rows, threshold: number): (Uint16Array | Int32Array)[] {
  const { n } = rows;
  const distances = new Float64Array(n);
  const found = indexArray(n, n);
  return Array.from({ length: n }, (_, i) => {
    const count = distancesAfter(rows, i, distances);
    let kept = 0;
    for (let at = 0; at < count; at++) if (distances[at]! < threshold) found[kept++] = i + 1 + at;
    return found.slice(0, kept);
  });
}

/** The narrowest array that holds numbers of vertices. */
export const indexArray = (n: number, length: number) =>
  n <= 1 << 16 ? new Uint16Array(length) : new Int32Array(length);
