import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Compressors, FileMetaData } from "hyparquet";

/**
 * What undoes the compression of a file's pages. The reader knows Snappy; Zstandard is loaded where a file needs it, since Node has none before
 * version 22. What grows beyond the length that its page promises is stopped there.
 */
export async function decompressors({ row_groups }: FileMetaData): Promise<Compressors> {
  const codecs = new Set(row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec)));
  const zstandard = codecs.has("ZSTD") ? await import("fzstd") : undefined;
  return {
    GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
    BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
    ...(zstandard ? { ZSTD: (input, length) => zstandard.decompress(input, new Uint8Array(length)) } : {}),
  };
}
