import { formatUnsupported } from "../errors/file-errors.js";
import { readBytes } from "../files/read-bytes.js";
import { formatOf, formats } from "./formats.js";
import type { ReadOptions, Table } from "./table.js";

/**
 * Reads a data file as the format that its name ends in, without deciding what is a feature.
 *
 * Errors   FORMAT_UNSUPPORTED, those of `readBytes`, those of the format's reader
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  const format = formatOf(path);
  // Read first: of a file that is not there, its extension is not the news.
  const bytes = await readBytes(path);
  if (format === undefined)
    throw formatUnsupported(
      path,
      formats.flatMap(({ extensions }) => extensions),
    );
  return await format.read(bytes, path, options);
}
