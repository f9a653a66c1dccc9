import { suggest } from "../../container/near-names.js";
import type { Dataset } from "../../contracts/dataset.js";
import { Chains } from "../../contracts/groups.js";
import { ConfigError } from "../../errors.js";

/** Two samples, by their ids or, where the data have none, by their row numbers. */
export type SamplePair = readonly [string | number, string | number];

/** Two rows that should share a cluster (sign 1) or should not (−1). */
export interface Link {
  readonly first: number;
  readonly second: number;
  readonly sign: 1 | -1;
}

/** How many rows there are, and what they are called. */
export type SampleNames = Pick<Dataset, "name" | "ids"> & { readonly features: Pick<Dataset["features"], "shape"> };

const WHERE = 'regulariser "constraints"';

/**
 * Pairs as links between rows, each pair once.
 *
 * @throws ConfigError SAMPLE_UNKNOWN, SAMPLE_IDS_REPEATED, LINK_TO_ITSELF; CONSTRAINTS_CONTRADICT with the chain of must-links that
 *         joins two samples of a cannot-link
 */
export function linksOf(data: SampleNames, mustLink: readonly SamplePair[], cannotLink: readonly SamplePair[]): Link[] {
  const rowOf = sampleFinder(data, WHERE);
  const resolve = (pairs: readonly SamplePair[], key: string, sign: 1 | -1) => {
    const seen = new Set<string>();
    return pairs.flatMap((pair, index): Link[] => {
      const [a, b] = pair.map((sample) => rowOf(sample, `${WHERE}, ${key}, pair ${index + 1}`)) as [number, number];
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
function requireConsistent(data: SampleNames, must: readonly Link[], cannot: readonly Link[]): void {
  const found = contradictionOf(data, must, cannot);
  if (!found) return;
  const { first, second, chain, others } = found;
  const more = others > 0 ? `; ${others} more cannot-links are contradicted like this one` : "";
  throw new ConfigError(
    "CONSTRAINTS_CONTRADICT",
    `${first} and ${second} cannot be linked, and must be: ${chain.join(" – ")}${more}`,
    { where: WHERE, fix: "Leave out the cannot-link, or one of the must-links of the chain." },
  );
}

/** Two rows that are said to belong together, or not to. */
type Ends = Pick<Link, "first" | "second">;

/** Two samples that do not belong together, and the shortest chain of samples by which they do. */
export interface Contradiction<Together extends Ends = Ends, Apart extends Ends = Ends> {
  readonly first: string;
  readonly second: string;
  readonly chain: readonly string[];
  /** The links of the chain, in its order. */
  readonly by: readonly Together[];
  /** The link that the chain contradicts. */
  readonly link: Apart;
  /** How many more links are contradicted. */
  readonly others: number;
}

/** The first of the links `apart`, each of two rows, that the links `together` join: what belongs together is an equivalence. */
export function contradictionOf<Together extends Ends, Apart extends Ends>(
  data: Pick<SampleNames, "ids">,
  together: readonly Together[],
  apart: readonly Apart[],
): Contradiction<Together, Apart> | undefined {
  const neighbours = new Map<number, Neighbour<Together>[]>();
  const join = (from: number, neighbour: Neighbour<Together>) => {
    const known = neighbours.get(from);
    if (known) known.push(neighbour);
    else neighbours.set(from, [neighbour]);
  };
  const chains = new Chains();
  for (const link of together) {
    chains.join(link.first, link.second);
    join(link.first, { row: link.second, link });
    join(link.second, { row: link.first, link });
  }
  const broken = apart.filter(({ first, second }) => chains.of(first) === chains.of(second));
  const [worst] = broken;
  if (!worst) return undefined;
  const { rows, by } = shortestChain(neighbours, worst.first, worst.second);
  return {
    first: nameOf(data, worst.first),
    second: nameOf(data, worst.second),
    chain: rows.map((row) => nameOf(data, row)),
    by,
    link: worst,
    others: broken.length - 1,
  };
}

/** A row that another belongs together with, and the link that says so. */
interface Neighbour<Together> {
  readonly row: number;
  readonly link: Together;
}

type Neighbours<Together> = ReadonlyMap<number, readonly Neighbour<Together>[]>;

/** The fewest links from one row to another that it is joined with, by breadth-first search, and the rows that they pass. */
function shortestChain<Together>(
  neighbours: Neighbours<Together>,
  from: number,
  to: number,
): { readonly rows: readonly number[]; readonly by: readonly Together[] } {
  const before = new Map<number, Neighbour<Together>>();
  const queue = [from];
  for (let at = 0; at < queue.length && !before.has(to); at++) {
    for (const { row, link } of neighbours.get(queue[at]!) ?? []) {
      if (row === from || before.has(row)) continue;
      before.set(row, { row: queue[at]!, link });
      queue.push(row);
    }
  }
  const rows = [to];
  const by: Together[] = [];
  while (rows[0] !== from) {
    const { row, link } = before.get(rows[0]!)!;
    rows.unshift(row);
    by.unshift(link);
  }
  return { rows, by };
}

const nameOf = ({ ids }: Pick<SampleNames, "ids">, row: number) => (ids ? `"${ids[row]}"` : `row ${row}`);

/**
 * How a sample's row is found: by its id, or by its number where there are no ids. Errors say where the sample was named.
 *
 * @throws ConfigError SAMPLE_IDS_REPEATED at `owner`; the function it gives throws SAMPLE_UNKNOWN
 */
export function sampleFinder(data: SampleNames, owner: string): (sample: string | number, where: string) => number {
  const { ids } = data;
  const rows = data.features.shape[0] ?? 0;
  if (ids) {
    const byId = new Map(ids.map((id, row) => [id, row]));
    if (byId.size < ids.length) {
      const twice = ids.find((id, row) => byId.get(id) !== row)!;
      throw new ConfigError("SAMPLE_IDS_REPEATED", `two rows of ${data.name} have the id "${twice}"`, {
        where: owner,
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
    throw unknown(
      sample,
      data,
      where,
      `Rows are numbered from 0 to ${rows - 1}; the data have no ids (data.ids would name them).`,
    );
  };
}

function unknown(sample: string | number, { name }: SampleNames, where: string, fix: string): ConfigError {
  return new ConfigError("SAMPLE_UNKNOWN", `${name} has no sample ${JSON.stringify(sample)}`, { where, fix });
}
