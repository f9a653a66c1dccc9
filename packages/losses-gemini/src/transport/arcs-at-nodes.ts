import type { TransportArcs } from "./transport-tree.js";

/**
 * The arcs at each node, rows first and then columns: those of a node are `arcs[start[node]]` … `arcs[start[node + 1] − 1]`, in the
 * order in which they are given.
 */
export function arcsAtNodes({ rows: from, columns: to }: TransportArcs, rows: number, nodes: number) {
  const start = new Int32Array(nodes + 1);
  for (let arc = 0; arc < from.length; arc++) {
    start[from[arc]! + 1]!++;
    start[to[arc]! + rows + 1]!++;
  }
  for (let node = 0; node < nodes; node++) start[node + 1]! += start[node]!;
  const fill = start.slice();
  const arcs = new Int32Array(2 * from.length);
  for (let arc = 0; arc < from.length; arc++) {
    arcs[fill[from[arc]!]!++] = arc;
    arcs[fill[to[arc]! + rows]!++] = arc;
  }
  return { start, arcs };
}
