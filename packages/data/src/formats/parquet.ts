import type { FileMetaData, SchemaTree } from "hyparquet";
import { magicWrong, noRows } from "../errors/array-errors.js";
import { fileTooLarge } from "../errors/file-errors.js";
import { parquetCompression, parquetDamaged } from "../errors/parquet-errors.js";
import { MAX_BYTES } from "../files/read-bytes.js";
import { listNames } from "../names/list-names.js";
import type { ColumnTable, ReadOptions } from "../tables/table.js";
import { type Cells, columnsOf, type RawColumn } from "./parquet-columns.js";
import { decompressors } from "./parquet-decompressors.js";

const MAGIC = "PAR1";
/** What pandas calls an index that it keeps as a column. */
const INDEX = /^__index_level_\d+__$/;

/**
 * Reads a Parquet file: a row of named cells each. Columns of numbers and truth values are numbers; the items of a list of numbers are
 * columns `name[0]`, `name[1]` …, as in JSON lines; other single values are text. Missing values are empty cells, which are refused where they
 * are used. Columns of several values under names, and the index that pandas keeps, are left out with a warning.
 *
 * Compression: none, Snappy, Gzip, Brotli and Zstandard.
 *
 * Errors   MAGIC_WRONG, PARQUET_DAMAGED, PARQUET_COMPRESSION, FILE_TOO_LARGE, NO_ROWS, and those of `columnsOf`
 * Source   Apache Parquet, file format (github.com/apache/parquet-format)
 */
export async function readParquet(
  bytes: Uint8Array,
  path: string,
  { labels, ids }: ReadOptions = {},
): Promise<ColumnTable> {
  requireMagic(bytes, path);
  const { parquetMetadataAsync, parquetScan, parquetSchema } = await import("hyparquet");
  const file = {
    byteLength: bytes.byteLength,
    slice: (start: number, end: number = bytes.byteLength) =>
      bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + end) as ArrayBuffer,
  };
  const readable = async <Value>(read: () => Promise<Value>) => {
    try {
      return await read();
    } catch (cause) {
      throw parquetDamaged(path, cause);
    }
  };
  const { metadata, fields } = await readable(async () => {
    const found = await parquetMetadataAsync(file);
    return { metadata: found, fields: parquetSchema(found).children };
  });
  requireReadable(metadata, path);
  if (Number(metadata.num_rows) === 0) throw noRows(path);
  const taken = fields.filter((field) => isFlat(field) && !INDEX.test(field.element.name));
  const left = fields.filter((field) => !taken.includes(field)).map(({ element }) => element.name);
  const raw = await readable(async () => {
    const names = taken.map(({ element }) => element.name);
    const compressors = await decompressors(metadata);
    const scan = await parquetScan({ file, metadata, columns: names, compressors, useOffsetIndex: false });
    const columns: RawColumn[] = [];
    for (const name of names) {
      const parts: Cells[] = [];
      // One after another: of several at once the reader reports one failure, and drops the others as unhandled.
      for (const range of scan.ranges) {
        const cells = (await scan.readColumn({ column: name, ...range })) as Cells;
        if (cells.length !== range.rowEnd - range.rowStart) {
          throw new Error(`column "${name}" has ${cells.length} of ${range.rowEnd - range.rowStart} rows of a group`);
        }
        parts.push(cells);
      }
      columns.push({ name, cells: joined(parts) });
    }
    return columns;
  });
  return {
    kind: "columns",
    name: path,
    rows: Number(metadata.num_rows),
    columns: columnsOf(raw, path, [labels, ids]),
    named: true,
    ...(left.length > 0
      ? { warnings: [`left out ${listNames(left)}: no column of numbers, of lists of numbers, or of text`] }
      : {}),
  };
}

/** A value, or a list of values. */
function isFlat({ children }: SchemaTree): boolean {
  const [list, ...others] = children;
  if (!list) return true;
  return others.length === 0 && list.children.length === 1 && list.children[0]!.children.length === 0;
}

function requireMagic(bytes: Uint8Array, path: string): void {
  const word = (start: number) => String.fromCharCode(...bytes.subarray(start, start + MAGIC.length));
  if (word(0) !== MAGIC) throw magicWrong(path, "a Parquet");
  if (bytes.length >= 12 && word(bytes.length - MAGIC.length) === MAGIC) return;
  throw parquetDamaged(path, new Error(`it does not end in ${MAGIC}`));
}

/** That columns are compressed by something known, and do not claim more than can be held. */
function requireReadable({ row_groups }: FileMetaData, path: string): void {
  let total = 0;
  for (const { columns } of row_groups) {
    for (const { meta_data } of columns) {
      if (!meta_data) continue;
      const { codec, path_in_schema, total_uncompressed_size } = meta_data;
      if (!READ.includes(codec)) throw parquetCompression(path, path_in_schema[0] ?? "", codec, READ.slice(1));
      total += Number(total_uncompressed_size);
    }
  }
  if (total > MAX_BYTES) throw fileTooLarge(path, MAX_BYTES);
}

const READ: readonly string[] = ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD"];

function joined(parts: readonly Cells[]): Cells {
  return parts.length === 1 ? parts[0]! : parts.flatMap((cells) => Array.from(cells as ArrayLike<unknown>));
}
