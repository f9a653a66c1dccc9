import { readCsv } from "../formats/csv.js";
import { encodeDelimited } from "../formats/csv-writer.js";
import { readIdx } from "../formats/idx.js";
import { readJsonl } from "../formats/jsonl.js";
import { encodeJsonl } from "../formats/jsonl-writer.js";
import { readNpy } from "../formats/npy.js";
import { encodeNpyTable } from "../formats/npy-writer.js";
import { readNpz } from "../formats/npz.js";
import { readParquet } from "../formats/parquet.js";
import type { ReadOptions, Table } from "./table.js";

export interface Format {
  /** How the names of such files end, as messages list them. */
  readonly extensions: readonly string[];
  /** Tells by the file's name, in lower case and without `.gz`. */
  readonly matches: (fileName: string) => boolean;
  readonly read: (bytes: Uint8Array, path: string, options: ReadOptions) => Table | Promise<Table>;
  /** The file in pieces, where the format can be written. */
  readonly encode?: (table: Table) => Iterable<Uint8Array | string>;
}

const endsWith = (extension: string) => (fileName: string) => fileName.endsWith(extension);

/** Every format of a data file. A new one is a new entry. */
export const formats: readonly Format[] = [
  {
    extensions: [".csv"],
    matches: endsWith(".csv"),
    read: (bytes, path, options) => readCsv(bytes, path, ",", options),
    encode: (table) => encodeDelimited(table, ","),
  },
  {
    extensions: [".tsv"],
    matches: endsWith(".tsv"),
    read: (bytes, path, options) => readCsv(bytes, path, "\t", options),
    encode: (table) => encodeDelimited(table, "\t"),
  },
  { extensions: [".jsonl"], matches: endsWith(".jsonl"), read: readJsonl, encode: encodeJsonl },
  { extensions: [".npy"], matches: endsWith(".npy"), read: readNpy, encode: encodeNpyTable },
  { extensions: [".npz"], matches: endsWith(".npz"), read: readNpz },
  { extensions: [".parquet"], matches: endsWith(".parquet"), read: readParquet },
  {
    extensions: [".idx", "*-ubyte", "*-idx3-*"],
    // The published names: train-images-idx3-ubyte, train-images.idx3-ubyte, background-labels-idx1-int16.
    matches: (fileName) => /(?:\.idx|-ubyte|[.-]idx\d+-[a-z0-9]+)$/.test(fileName),
    read: readIdx,
  },
];

/** The format that a path names, with or without `.gz`. */
export function formatOf(path: string): Format | undefined {
  const fileName = (path.split(/[\\/]/).pop() ?? path).toLowerCase().replace(/\.gz$/, "");
  return formats.find((format) => format.matches(fileName));
}
