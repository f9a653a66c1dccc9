import { suggest } from "../../container/near-names.js";
import type { Dataset } from "../../contracts/dataset.js";
import { rowsOf } from "../../contracts/dataset.js";
import { ConfigError } from "../../errors.js";

/** Two samples, by their ids or, where the data have none, by their row numbers. */
export type SamplePair = readonly [string | number, string | number];

/** Two rows that should share a cluster (sign 1) or should not (−1). */
export interface Link {
  readonly first: number;
  readonly second: number;
  readonly sign: 1 | -1;
}

const WHERE = 'regulariser "constraints"';

/**
 * Pairs as links between rows, each pair once.
 *
 * @throws ConfigError SAMPLE_UNKNOWN, SAMPLE_IDS_REPEATED, LINK_TO_ITSELF; CONSTRAINTS_CONTRADICT with the chain of must-links that
 *         joins two samples of a cannot-link
 */
export function linksOf(data: Dataset, mustLink: readonly SamplePair[], cannotLink: readonly SamplePair[]): Link[] {
  const rowOf = rowFinder(data);
  const resolve = (pairs: readonly SamplePair[], key: string, sign: 1 | -1) => {
    const seen = new Set<string>();
    return pairs.flatMap((pair, index): Link[] => {
      const [a, b] = pair.map((sample) => rowOf(sample, `${key}, pair ${index + 1}`)) as [number, number];
      if (a === b) {
        throw new ConfigError("LINK_TO_ITSELF", `${nameOf(data, a)} is linked with itself`, {
          where: `${WHERE}, ${key}, pair ${index + 1}`,
          fix: "Name two different samples, or leave the pair out.",
        });
      }
      const [first, second] = a < b ? [a, b] : [b, a];
      if (seen.has(`${first},${second}`)) return [];
      seen.add(`${first},${second}`);
      return [{ first, second, sign }];
    });
  };
  const must = resolve(mustLink, "mustLink", 1);
  const cannot = resolve(cannotLink, "cannotLink", -1);
  requireConsistent(data, must, cannot);
  return [...must, ...cannot];
}

/** @throws ConfigError CONSTRAINTS_CONTRADICT */
function requireConsistent(data: Dataset, must: readonly Link[], cannot: readonly Link[]): void {
  const neighbours = new Map<number, number[]>();
  for (const { first, second } of must) {
    neighbours.set(first, [...(neighbours.get(first) ?? []), second]);
    neighbours.set(second, [...(neighbours.get(second) ?? []), first]);
  }
  const component = componentsOf(neighbours);
  const broken = cannot.filter(
    ({ first, second }) => component.has(first) && component.get(first) === component.get(second),
  );
  const [worst] = broken;
  if (!worst) return;
  const chain = shortestChain(neighbours, worst.first, worst.second).map((row) => nameOf(data, row));
  const more = broken.length > 1 ? `; ${broken.length - 1} more cannot-links are contradicted like this one` : "";
  throw new ConfigError(
    "CONSTRAINTS_CONTRADICT",
    `${nameOf(data, worst.first)} and ${nameOf(data, worst.second)} cannot be linked, and must be: ${chain.join(" – ")}${more}`,
    { where: WHERE, fix: "Leave out the cannot-link, or one of the must-links of the chain." },
  );
}

/** The number of the connected component of each row that has a neighbour. */
function componentsOf(neighbours: ReadonlyMap<number, readonly number[]>): Map<number, number> {
  const component = new Map<number, number>();
  let count = 0;
  for (const start of neighbours.keys()) {
    if (component.has(start)) continue;
    const open = [start];
    component.set(start, count);
    for (let row = open.pop(); row !== undefined; row = open.pop()) {
      for (const next of neighbours.get(row)!) {
        if (component.has(next)) continue;
        component.set(next, count);
        open.push(next);
      }
    }
    count++;
  }
  return component;
}

/** The fewest links from one row to another that it is joined with, by breadth-first search. */
function shortestChain(neighbours: ReadonlyMap<number, readonly number[]>, from: number, to: number): number[] {
  const before = new Map([[from, from]]);
  const queue = [from];
  for (let at = 0; at < queue.length && !before.has(to); at++) {
    for (const next of neighbours.get(queue[at]!) ?? []) {
      if (before.has(next)) continue;
      before.set(next, queue[at]!);
      queue.push(next);
    }
  }
  const chain = [to];
  while (chain[0] !== from) chain.unshift(before.get(chain[0]!)!);
  return chain;
}

const nameOf = ({ ids }: Dataset, row: number) => (ids ? `"${ids[row]}"` : `row ${row}`);

/** How a sample's row is found: by its id, or by its number where there are no ids. */
function rowFinder(data: Dataset): (sample: string | number, where: string) => number {
  const { ids } = data;
  const rows = rowsOf(data);
  if (ids) {
    const byId = new Map(ids.map((id, row) => [id, row]));
    if (byId.size < ids.length) {
      const twice = ids.find((id, row) => byId.get(id) !== row)!;
      throw new ConfigError("SAMPLE_IDS_REPEATED", `two rows of ${data.name} have the id "${twice}"`, {
        where: WHERE,
        fix: "Give every row an id of its own, or name samples by their row numbers.",
      });
    }
    return (sample, where) => {
      const row = byId.get(String(sample));
      if (row !== undefined) return row;
      // A look at near names is a comparison with every id; thousands of them are enough.
      throw unknown(sample, data, where, suggest(String(sample), ids.slice(0, 10_000)));
    };
  }
  return (sample, where) => {
    const row = typeof sample === "number" || /^\d+$/.test(sample) ? Number(sample) : Number.NaN;
    if (Number.isInteger(row) && row >= 0 && row < rows) return row;
    throw unknown(sample, data, where, `Rows are numbered from 0 to ${rows - 1}; the data have no ids.`);
  };
}

function unknown(sample: string | number, { name }: Dataset, where: string, fix: string): ConfigError {
  return new ConfigError("SAMPLE_UNKNOWN", `${name} has no sample ${JSON.stringify(sample)}`, {
    where: `${WHERE}, ${where}`,
    fix,
  });
}
