import { fileEmpty } from "../errors/file-errors.js";
import { pairEmpty, pairKindUnknown, pairsNotDelimited, pairsNotThreeColumns } from "../errors/pair-errors.js";
import { readBytes } from "../files/read-bytes.js";
import { forEachRecord } from "../formats/csv-records.js";
import { textBytes } from "../formats/text-bytes.js";

/** Pairs of sample ids for the regulariser `constraints`. */
export interface SamplePairs {
  readonly mustLink: readonly (readonly [string, string])[];
  readonly cannotLink: readonly (readonly [string, string])[];
}

const KINDS: Readonly<Record<string, keyof SamplePairs>> = {
  "must-link": "mustLink",
  must: "mustLink",
  "cannot-link": "cannotLink",
  cannot: "cannotLink",
};

/**
 * Reads pairs of samples from a file of three columns: two ids, any text, and `must-link` or `cannot-link`.
 *
 *     first,second,kind
 *     s1,s2,must-link
 *     s1,"a, b",cannot-link
 *
 * The first line may name the columns: it does where its third cell is "kind". Ids are taken as they are spelled, without blanks around
 * them: 007 is another than 7.
 *
 * Errors   PAIRS_NOT_DELIMITED, PAIRS_COLUMNS, PAIR_KIND_UNKNOWN, PAIR_EMPTY, and those of reading a text file
 */
export async function readSamplePairs(path: string): Promise<SamplePairs> {
  const extension = /\.([ct]sv)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  const bytes = await readBytes(path);
  if (extension === undefined) throw pairsNotDelimited(path);
  const pairs = { mustLink: [] as [string, string][], cannotLink: [] as [string, string][] };
  let records = 0;
  forEachRecord(textBytes(bytes, path), path, extension === "tsv" ? "\t" : ",", (cells, line) => {
    const where = `${path}:${line}`;
    if (cells.length !== 3) throw pairsNotThreeColumns(where, cells.length);
    const [first, second, kind] = cells.map((cell) => cell.trim()) as [string, string, string];
    const key = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    if (records++ === 0 && key === undefined && kind.toLowerCase() === "kind") return;
    if (key === undefined) throw pairKindUnknown(where, kind);
    if (first === "" || second === "") throw pairEmpty(where);
    pairs[key].push([first, second]);
  });
  if (records === 0) throw fileEmpty(path);
  return pairs;
}
