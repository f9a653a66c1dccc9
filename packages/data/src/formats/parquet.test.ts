import { readFile } from "node:fs/promises";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { codeOf, errorOf } from "../../test/support/expect-error.js";
import { temporaryFile } from "../../test/support/temporary-folder.js";
import { loadDataset } from "../datasets/load-dataset.js";
import { readTable } from "../tables/read-table.js";
import { columnsOf } from "./parquet-columns.js";

type Written = Parameters<typeof parquetWriteBuffer>[0]["columnData"];

const parquet = async (columnData: Written, options = {}) =>
  await temporaryFile("rows.parquet", new Uint8Array(parquetWriteBuffer({ columnData, ...options })));

/**
 * Files of other writers: pyarrow 26.0.1 (`write_table` with row groups of two rows, by each compression; the one of Zstandard with data pages
 * of version 2), pandas 3.1.1 with an index of its own, polars 2.1.0 as it writes where nothing is said.
 */
const written = (name: string) => new URL(`../../test/parquet/${name}.parquet`, import.meta.url).pathname;

const listing = async (path: string, options = {}) => {
  const table = await readTable(path, options);
  if (table.kind !== "columns") throw new Error("no columns");
  return { columns: Object.fromEntries(table.columns.map(({ name, values }) => [name, [...values]])), table };
};

describe("a Parquet file", () => {
  it("of pyarrow gives the same rows by every compression", async () => {
    for (const compression of ["snappy", "gzip", "brotli", "zstd"]) {
      const { columns } = await listing(written(`pyarrow-${compression}`));
      expect(columns).toEqual({
        id: [9007199254740992, 9007199254740996, 7],
        intent: ["a", "b", "a"],
        "embedding[0]": [0.5, 3, 6],
        "embedding[1]": [-1, 4.25, 7],
        "embedding[2]": [2, 5, -8],
        small: [0.5, 1.5, -2],
        whole: [1, -2, 3],
        unsigned: [4e9, 5, 6],
        truth: [1, 0, 1],
        amount: [1, 2, 3],
        day: ["1970-01-01T00:00:00.000Z", "1970-01-02T00:00:00.000Z", "1970-01-03T00:00:00.000Z"],
        "list[0]": [1, 3, 5],
        "list[1]": [2, 4, 6],
      });
    }
  });

  it("of polars and of pandas is read as they write it, without the index that pandas keeps", async () => {
    expect((await listing(written("polars"))).columns).toEqual({
      x: [1, 2, 3],
      "v[0]": [1, 3, 5],
      "v[1]": [2, 4, 6],
      label: ["p", "q", "p"],
    });
    const { columns, table } = await listing(written("pandas-index"));
    expect(columns).toEqual({ x: [1, 2, 3], y: [2, 1, 0] });
    expect(table).toMatchObject({ warnings: [expect.stringContaining("__index_level_0__")] });
  });

  it("becomes features, labels and ids, whose digits beyond 2^53 are kept", async () => {
    const path = await parquet([
      { name: "name", data: [2n ** 53n + 1n, 2n ** 53n + 3n, 5n], type: "INT64" },
      {
        name: "vector",
        data: [
          [1, 2],
          [3, 4],
          [5, 7],
        ],
      },
      { name: "class", data: [1, 0, 1], type: "INT32" },
    ]);
    const { splits } = await loadDataset(path, { labels: "class", ids: "name" });
    const { features, labels, ids, columns } = splits.train;
    expect([features.shape, [...features.data]]).toEqual([
      [3, 2],
      [1, 2, 3, 4, 5, 7],
    ]);
    expect(columns).toEqual(["vector[0]", "vector[1]"]);
    expect([labels!.names, [...labels!.indices]]).toEqual([
      ["0", "1"],
      [1, 0, 1],
    ]);
    expect(ids).toEqual(["9007199254740993", "9007199254740995", "5"]);
    expect((await loadDataset(path, { labels: "class", columns: ["vector[1]"] })).splits.train.features.shape).toEqual([
      3, 1,
    ]);
  });

  it("of several row groups is one table, and may hold its labels alone", async () => {
    const x = Array.from({ length: 25 }, (_, row) => row);
    const path = await parquet([{ name: "x", data: Float64Array.from(x) }], { rowGroupSize: 10 });
    expect((await listing(path)).columns).toEqual({ x });
    const labels = await temporaryFile(
      "labels.parquet",
      new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "kind", data: x.map((row) => `k${row % 2}`) }] })),
    );
    expect((await loadDataset(path, { labels })).splits.train.labels!.names).toEqual(["k0", "k1"]);
  });
});

describe("what a Parquet file is refused for", () => {
  it("missing values, by row and column, where they are used", async () => {
    const path = written("pyarrow-nulls");
    const refused = (options: object) => errorOf(() => loadDataset(path, options));
    expect(await refused({ columns: ["x"] })).toMatchObject({
      code: "CELL_EMPTY",
      where: expect.stringMatching(/pyarrow-nulls\.parquet, row 1 \(counted from 0\), column "x"$/),
    });
    expect(await refused({ columns: ["vector[0]"] })).toMatchObject({
      code: "CELL_EMPTY",
      where: expect.stringMatching(/row 1 \(counted from 0\), column "vector\[0\]"$/),
    });
    expect(await refused({ columns: ["y"], labels: "name" })).toMatchObject({
      code: "LABEL_EMPTY",
      where: expect.stringMatching(/row 1 /),
    });
    expect((await loadDataset(path, { columns: ["y"] })).splits.train.features.shape).toEqual([3, 1]);
  });

  it("numbers that are none, text among the features, and lists of two lengths, by row and column", async () => {
    const broken = await parquet([{ name: "x", data: Float64Array.of(1, Number.NaN, 3) }]);
    expect(await errorOf(() => loadDataset(broken))).toMatchObject({
      code: "CELL_NOT_A_NUMBER",
      where: expect.stringMatching(/row 1 \(counted from 0\), column "x"$/),
    });
    const text = await parquet([
      { name: "x", data: [1, 2, 3] },
      { name: "city", data: ["a", "b", "c"] },
    ]);
    expect(await codeOf(() => loadDataset(text))).toBe("COLUMN_TEXT");
    const ragged = await parquet([{ name: "v", data: [[1, 2], [3, 4], [5]] }]);
    expect(await errorOf(() => loadDataset(ragged))).toMatchObject({
      code: "RAGGED_ROW",
      message: "the list has 1 numbers where that of the first row has 2",
      where: expect.stringMatching(/row 2 \(counted from 0\), column "v"$/),
    });
  });

  it("another format, a file that is cut short, damage, and a compression that is not read", async () => {
    const refused = async (bytes: Uint8Array | string) =>
      await codeOf(async () => await readTable(await temporaryFile("a.parquet", bytes)));
    expect(await refused("a,b\n1,2\n")).toBe("MAGIC_WRONG");
    expect(await refused("PAR1")).toBe("PARQUET_DAMAGED");
    const whole = new Uint8Array(await readFile(written("pyarrow-snappy")));
    for (let length = 8; length < whole.length; length += 97) {
      expect(await refused(whole.subarray(0, length))).toBe("PARQUET_DAMAGED");
    }
    // The length of the footer, and the first page of all.
    for (const at of [whole.length - 6, 5]) {
      const damaged = whole.slice();
      damaged[at] = 0xff;
      expect(await refused(damaged)).toBe("PARQUET_DAMAGED");
    }
    expect(await errorOf(() => readTable(written("pyarrow-lz4")))).toMatchObject({
      code: "PARQUET_COMPRESSION",
      message: 'column "id" is compressed by LZ4_RAW, which is not read',
    });
  });

  it("no rows, and more columns than a table has", async () => {
    const empty = await parquet([{ name: "x", data: new Float64Array(0), type: "DOUBLE" }]);
    expect(await codeOf(() => readTable(empty))).toBe("NO_ROWS");
    const wide = { name: "v", cells: [new Float32Array(100_001)] };
    expect(await codeOf(async () => columnsOf([wide], "a.parquet", []))).toBe("PARQUET_COLUMNS");
  });
});
