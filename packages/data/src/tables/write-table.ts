import { writeFormatUnsupported } from "../errors/file-errors.js";
import { writeAtomically } from "../files/write-atomically.js";
import { formatOf, formats } from "./formats.js";
import type { Table } from "./table.js";

/**
 * Writes a table as `.csv`, `.tsv`, `.jsonl` or `.npy`, whole or not at all.
 *
 * Errors   FORMAT_UNSUPPORTED, VALUE_NOT_FINITE, TABLE_MALFORMED, TEXT_IN_ARRAY, RANK_UNSUPPORTED, COLUMN_REPEATED,
 *          those of `writeAtomically`
 */
export async function writeTable(path: string, table: Table): Promise<void> {
  const encode = path.toLowerCase().endsWith(".gz") ? undefined : formatOf(path)?.encode;
  if (encode === undefined) {
    const writable = formats.filter((format) => format.encode !== undefined);
    throw writeFormatUnsupported(
      path,
      writable.flatMap(({ extensions }) => extensions),
    );
  }
  await writeAtomically(path, encode(table));
}
