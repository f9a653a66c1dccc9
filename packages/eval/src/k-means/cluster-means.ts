import type { Assignment } from "./assignment.js";

/**
 * The mean of the rows of every cluster, written to `out` [K, D].
 *
 * An empty cluster takes the row that is farthest from its centre, several take the farthest ones in order (ties by lower
 * index), and that row leaves the mean it was part of. A cluster never gives away its last row, and rows that lie on their
 * centre are not taken, since moving there would change nothing: with fewer distinct rows than clusters the surplus centres
 * stay where they were.
 */
export function clusterMeans(
  values: Float64Array,
  width: number,
  assignment: Assignment,
  centres: Float64Array,
  out: Float64Array,
): void {
  const { labels } = assignment;
  const clusters = centres.length / width;
  const sizes = new Float64Array(clusters);
  out.fill(0);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    sizes[label]!++;
    for (let d = 0; d < width; d++) out[label * width + d]! += values[row * width + d]!;
  }
  const empty = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  const donors = empty.length === 0 ? [] : farthestFirst(assignment.squaredDistances(centres));
  let next = 0;
  for (const cluster of empty) {
    while (next < donors.length && sizes[labels[donors[next]!]!]! < 2) next++;
    const row = donors[next++];
    if (row === undefined) break;
    const from = labels[row]!;
    for (let d = 0; d < width; d++) {
      out[cluster * width + d] = values[row * width + d]!;
      out[from * width + d]! -= values[row * width + d]!;
    }
    sizes[cluster] = 1;
    sizes[from]!--;
  }
  for (let cluster = 0; cluster < clusters; cluster++) {
    for (let d = cluster * width; d < (cluster + 1) * width; d++) {
      out[d] = sizes[cluster] === 0 ? centres[d]! : out[d]! / sizes[cluster]!;
    }
  }
}

const farthestFirst = (distances: Float64Array) =>
  [...distances.keys()].filter((row) => distances[row]! > 0).sort((a, b) => distances[b]! - distances[a]! || a - b);
