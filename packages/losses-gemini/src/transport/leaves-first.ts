import type { EarlierArcs } from "./starting-arcs.js";

/** The arcs of a forest, each after all arcs below it: always one that leads to a node with no other arc left. */
export function leavesFirst({ rows: from, columns: to }: EarlierArcs, rows: number, columns: number): Int32Array {
  const degree = new Int32Array(rows + columns);
  // The exclusive or of a node's arcs is its last arc, once the others are taken out.
  const mixed = new Int32Array(rows + columns);
  for (let arc = 0; arc < from.length; arc++) {
    for (const node of [from[arc]!, rows + to[arc]!]) {
      degree[node]!++;
      mixed[node]! ^= arc;
    }
  }
  const order = new Int32Array(from.length);
  let size = 0;
  for (let start = 0; start < degree.length; start++) {
    for (let node = start; degree[node] === 1; ) {
      const arc = mixed[node]!;
      order[size++] = arc;
      degree[node] = 0;
      const other = node < rows ? rows + to[arc]! : from[arc]!;
      degree[other]!--;
      mixed[other]! ^= arc;
      // Nodes further on are met by the outer loop.
      if (other > start) break;
      node = other;
    }
  }
  return order.subarray(0, size);
}
