import type { PairSupervision } from "@semblance/core";

/** A pair that is said to differ, and the pairs by which its rows are the same. */
export interface Contradiction {
  readonly pair: number;
  /** From the first row of the pair to its second, each the same as the one before. */
  readonly chain: readonly number[];
  /** The pairs that say so, one fewer. */
  readonly links: readonly number[];
}

/**
 * The first pair of rows that differ (similarity −1) although a chain of pairs that are the same (similarity 1) joins them, or undefined.
 * Degrees between say nothing of either kind.
 */
export function findContradiction({ rows, similarity }: PairSupervision): Contradiction | undefined {
  const links = new Map<number, { readonly to: number; readonly pair: number }[]>();
  const link = (from: number, to: number, pair: number) => {
    const known = links.get(from);
    if (known) known.push({ to, pair });
    else links.set(from, [{ to, pair }]);
  };
  similarity.forEach((value, pair) => {
    if (value !== 1) return;
    const [a, b] = [rows[2 * pair]!, rows[2 * pair + 1]!];
    link(a, b, pair);
    link(b, a, pair);
  });
  const group = groupsOf(links);
  const pair = similarity.findIndex((value, at) => {
    const own = group.get(rows[2 * at]!);
    return value === -1 && own !== undefined && own === group.get(rows[2 * at + 1]!);
  });
  return pair < 0 ? undefined : { pair, ...shortestChain(links, rows[2 * pair]!, rows[2 * pair + 1]!) };
}

type Links = ReadonlyMap<number, readonly { readonly to: number; readonly pair: number }[]>;

/** For each linked row, one row that stands for all that are joined to it. */
function groupsOf(links: Links): Map<number, number> {
  const group = new Map<number, number>();
  for (const start of links.keys()) {
    if (group.has(start)) continue;
    const waiting = [start];
    group.set(start, start);
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      for (const { to } of links.get(row)!) {
        if (group.has(to)) continue;
        group.set(to, start);
        waiting.push(to);
      }
    }
  }
  return group;
}

/** Breadth first, between rows of one group. */
function shortestChain(links: Links, from: number, to: number): Pick<Contradiction, "chain" | "links"> {
  const reached = new Map<number, { readonly before: number; readonly pair: number }>([
    [from, { before: from, pair: -1 }],
  ]);
  const waiting = [from];
  for (const row of waiting) {
    if (row === to) break;
    for (const { to: next, pair } of links.get(row)!) {
      if (reached.has(next)) continue;
      reached.set(next, { before: row, pair });
      waiting.push(next);
    }
  }
  const chain = [to];
  const used: number[] = [];
  while (chain[0] !== from) {
    const { before, pair } = reached.get(chain[0]!)!;
    chain.unshift(before);
    used.unshift(pair);
  }
  return { chain, links: used };
}
