import {
  contradictionOf,
  type OtherPairs,
  type PairSupervision,
  type SampleNames,
  sampleFinder,
} from "@semblance/core";
import { fileEmpty } from "../errors/file-errors.js";
import {
  pairsContradict,
  pairTwice,
  relationColumns,
  relationsNotDelimited,
  rowWithItself,
  rowWithoutId,
  sameUnknown,
  similarityInvalid,
} from "../errors/supervision-errors.js";
import { readBytes } from "../files/read-bytes.js";
import { forEachRecord } from "../formats/csv-records.js";
import { parseDecimal } from "../formats/decimal.js";
import { textBytes } from "../formats/text-bytes.js";

/** How the third cell of a line may say that two rows belong together, or that they do not. */
const SAME: Readonly<Record<string, 1 | -1>> = {
  "1": 1,
  "0": -1,
  "-1": -1,
  true: 1,
  false: -1,
  yes: 1,
  no: -1,
  similar: 1,
  dissimilar: -1,
  "must-link": 1,
  "cannot-link": -1,
};

/** Third cells of a line that names the columns; no pair says any of them. */
const HEADERS = ["same", "similarity", "kind", "label"];

interface Pair {
  readonly first: number;
  readonly second: number;
  readonly value: number;
  readonly where: string;
}

/**
 * Reads which rows belong together from a file of three columns: two ids, or row numbers from 0 where the data have no ids, and whether
 * they belong together.
 *
 *     a,b,same
 *     s1,s2,1
 *     s1,s7,0
 *
 * The third cell is 1 or 0, true or false, yes or no, similar or dissimilar; under the header `similarity` it is a number from −1 to 1. A
 * pair that comes twice counts once.
 *
 * Errors   PAIRS_NOT_DELIMITED, PAIRS_COLUMNS, PAIR_EMPTY, PAIR_SAME_UNKNOWN, PAIR_SIMILARITY_INVALID, PAIR_WITH_ITSELF, SAMPLE_UNKNOWN
 *          by line; PAIRS_CONTRADICT with the chain of pairs by which two different rows would be the same; those of reading a text file
 */
export async function readRowPairs(path: string, data: SampleNames, otherPairs?: OtherPairs): Promise<PairSupervision> {
  const known = new Map<string, Pair>();
  const rowOf = sampleFinder(data, path);
  let graded = false;
  await forEachRelation(path, "pairs", (cells, where, at) => {
    const [a, b, third] = cells;
    const word = third.toLowerCase();
    if (at === 0 && HEADERS.includes(word)) {
      graded = word === "similarity";
      return;
    }
    if (a === "" || b === "") throw rowWithoutId(where);
    const value = graded ? similarityOf(third, where) : sameOf(word, third, where);
    const [first, second] = [rowOf(a, where), rowOf(b, where)].sort((x, y) => x - y) as [number, number];
    if (first === second) throw rowWithItself(where, a);
    const before = known.get(`${first},${second}`);
    if (before && before.value !== value) throw pairTwice(where, before.where, [before.value, value]);
    if (!before) known.set(`${first},${second}`, { first, second, value, where });
  });
  const pairs = [...known.values()];
  if (pairs.length === 0) throw fileEmpty(path);
  // A degree of similarity is not passed on from row to row; being the same is.
  const of = (value: number) => pairs.filter((pair) => pair.value === value);
  const found = contradictionOf(data, of(1), of(-1));
  if (found) throw pairsContradict(found.link.where, found);
  return {
    form: "pairs",
    rows: Int32Array.from(pairs.flatMap(({ first, second }) => [first, second])),
    similarity: Float32Array.from(pairs, ({ value }) => value),
    ...(otherPairs === undefined ? {} : { otherPairs }),
  };
}

function sameOf(word: string, cell: string, where: string): number {
  const value = Object.hasOwn(SAME, word) ? SAME[word] : undefined;
  if (value === undefined) throw sameUnknown(where, cell);
  return value;
}

function similarityOf(cell: string, where: string): number {
  const value = parseDecimal(cell);
  if (!(value >= -1 && value <= 1)) throw similarityInvalid(where, cell);
  return value;
}

/** Calls back with the three cells of every line, without blanks around them. */
export async function forEachRelation(
  path: string,
  what: "pairs" | "triplets",
  onLine: (cells: readonly [string, string, string], where: string, at: number) => void,
): Promise<void> {
  const extension = /\.([ct]sv)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  const bytes = await readBytes(path);
  if (extension === undefined) throw relationsNotDelimited(path, what);
  let at = 0;
  forEachRecord(textBytes(bytes, path), path, extension === "tsv" ? "\t" : ",", (cells, line) => {
    const where = `${path}:${line}`;
    if (cells.length !== 3) throw relationColumns(where, what, cells.length);
    onLine(cells.map((cell) => cell.trim()) as [string, string, string], where, at++);
  });
}
