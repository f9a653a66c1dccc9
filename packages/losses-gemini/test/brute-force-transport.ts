/** Optimal transport by trying every basis: spanning trees of rows and columns, each with the one flow that it allows. */
export function bruteForceTransport(
  first: readonly number[],
  second: readonly number[],
  cost: readonly (readonly number[])[],
): number {
  const arcs = first.flatMap((_, row) => second.map((_, column) => [row, column] as const));
  let best = Number.POSITIVE_INFINITY;
  for (const chosen of subsets(arcs, first.length + second.length - 1)) {
    const flows = treeFlows(first, second, chosen);
    if (!flows || flows.some((flow) => flow < -1e-12)) continue;
    const value = chosen.reduce((total, [row, column], at) => total + flows[at]! * cost[row]![column]!, 0);
    best = Math.min(best, value);
  }
  return best;
}

function* subsets<Item>(items: readonly Item[], size: number, from = 0): Generator<Item[]> {
  if (size === 0) yield [];
  for (let at = from; at <= items.length - size && size > 0; at++)
    for (const rest of subsets(items, size - 1, at + 1)) yield [items[at]!, ...rest];
}

/** The flows on arcs that form a spanning tree, by taking leaves off; undefined where they form none. */
function treeFlows(
  first: readonly number[],
  second: readonly number[],
  arcs: readonly (readonly [number, number])[],
): number[] | undefined {
  const left = [...first, ...second.map((mass) => -mass)];
  const ends = arcs.map(([row, column]) => [row, first.length + column] as const);
  const flows = new Array<number>(arcs.length).fill(Number.NaN);
  for (let taken = 0; taken < arcs.length; taken++) {
    const open = ends.flatMap((_, arc) => (Number.isNaN(flows[arc]!) ? [arc] : []));
    const degree = (node: number) => open.filter((arc) => ends[arc]!.includes(node)).length;
    const leaf = open.find((arc) => ends[arc]!.some((node) => degree(node) === 1));
    if (leaf === undefined) return undefined;
    const [row, column] = ends[leaf]!;
    flows[leaf] = degree(row) === 1 ? left[row]! : -left[column]!;
    left[row]! -= flows[leaf]!;
    left[column]! += flows[leaf]!;
  }
  // A forest that leaves a node out cannot bring all masses to nothing, unless that node has none.
  return left.every((mass) => Math.abs(mass) < 1e-9) ? flows : undefined;
}
