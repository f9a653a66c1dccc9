import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { ndarray } from "@semblance/core";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { concatenated } from "../../test/support/bytes.js";
import { codeOf, errorOf } from "../../test/support/expect-error.js";
import { temporaryFile } from "../../test/support/temporary-folder.js";
import { writeNpy } from "../formats/npy-writer.js";
import { type LoadOptions, loadDataset } from "./load-dataset.js";

const FLOWERS = "width,height,species\n1,10,oak\n2,20,elm\n4,30,oak\n";

async function load(name: string, content: string | Uint8Array, options: LoadOptions = {}) {
  return await loadDataset(await temporaryFile(name, content), options);
}

async function shown(name: string, content: string | Uint8Array, options: LoadOptions = {}) {
  const { splits } = await load(name, content, options);
  const { features, labels, columns } = splits.train;
  return {
    shape: features.shape,
    values: [...features.data],
    columns,
    names: labels?.names,
    indices: labels && [...labels.indices],
  };
}

/** The error of loading `content`, with the folder taken out of `where`. */
async function refused(name: string, content: string | Uint8Array, options: LoadOptions = {}) {
  const path = await temporaryFile(name, content);
  const error = await errorOf(() => loadDataset(path, options));
  expect(["DataError", "ConfigError"]).toContain(error.name);
  const { code, message, fix } = error;
  return { code, message, fix, where: error.where!.replace(`${dirname(path)}/`, "") };
}

describe("loadDataset", () => {
  it("takes labels by name, by position and from the end", async () => {
    const expected = {
      shape: [3, 2],
      values: [1, 10, 2, 20, 4, 30],
      columns: ["width", "height"],
      names: ["elm", "oak"],
      indices: [1, 0, 1],
    };
    for (const labels of ["species", "2", "-1"]) expect(await shown("a.csv", FLOWERS, { labels })).toEqual(expected);
    expect(await shown("a.tsv.gz", gzipSync(FLOWERS.replaceAll(",", "\t")), { labels: "species" })).toEqual(expected);
  });

  it("takes labels from a file with one a row, with or without a header", async () => {
    const data = await temporaryFile("a.csv", "1,2\n3,4\n5,7\n");
    const files: [string, string | Uint8Array][] = [
      ["l.txt", "b\na\nb\n"],
      ["l.labels.gz", gzipSync("b\na\nb")],
      ["l.csv", "b\na\nb\n"],
      ["l.csv", "kind\nb\na\nb\n"],
      ["l.tsv", "kind\r\nb\r\na\r\nb\r\n"],
      ["l.jsonl", '{"kind":"b"}\n{"kind":"a"}\n{"kind":"b"}'],
    ];
    for (const [name, content] of files) {
      const path = join(dirname(data), name);
      await writeFile(path, content);
      expect((await loadDataset(data, { labels: path })).splits.train.labels).toEqual({
        indices: Int32Array.of(1, 0, 1),
        names: ["a", "b"],
      });
    }
    await writeFile(join(dirname(data), "l.npy"), writeNpy(ndarray("int32", [3], [9, 3, 9])));
    const { splits } = await loadDataset(data, { labels: join(dirname(data), "l.npy") });
    expect(splits.train.labels).toEqual({ indices: Int32Array.of(1, 0, 1), names: ["3", "9"] });
  });

  it("takes the labels that JSON lines and archives carry", async () => {
    const lines = '{"vector":[1,2],"label":"b"}\n{"vector":[3,4],"label":"a"}';
    expect(await shown("a.jsonl", lines)).toMatchObject({ shape: [2, 2], names: ["a", "b"], indices: [1, 0] });
    const zip = zipSync({
      "x.npy": writeNpy(ndarray("float32", [2, 2], [1, 2, 3, 4])),
      "y.npy": writeNpy(ndarray("int32", [2], [5, 4])),
    });
    for (const labels of [undefined, "y", "label"]) {
      expect(await shown("a.npz", zip, labels === undefined ? {} : { labels })).toMatchObject({
        names: ["4", "5"],
        indices: [1, 0],
      });
    }
  });

  it("picks and leaves out columns", async () => {
    const csv = "a,b,c\n1,2,3\n4,5,7\n";
    expect(await shown("a.csv", csv, { columns: ["c", 0] })).toMatchObject({
      columns: ["c", "a"],
      values: [3, 1, 7, 4],
    });
    expect(await shown("a.csv", csv, { ignore: ["b"] })).toMatchObject({ columns: ["a", "c"], values: [1, 3, 4, 7] });
    const npy = writeNpy(ndarray("float32", [2, 3], [1, 2, 3, 4, 5, 7]));
    expect(await shown("a.npy", npy, { columns: ["2"], labels: "0" })).toMatchObject({
      values: [3, 7],
      names: ["1", "4"],
    });
    expect((await refused("a.csv", csv, { columns: ["d"] })).code).toBe("COLUMN_UNKNOWN");
    expect((await refused("a.csv", csv, { ignore: [3] })).code).toBe("COLUMN_UNKNOWN");
    expect((await refused("a.csv", csv, { columns: ["a", "0"] })).code).toBe("COLUMN_REPEATED");
    expect((await refused("a.csv", csv, { columns: ["a"], labels: "a" })).code).toBe("LABEL_IS_FEATURE");
    expect((await refused("a.csv", csv, { ignore: ["a", "b", "c"] })).code).toBe("NO_FEATURES");
    const images = writeNpy(ndarray("float32", [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]));
    expect((await refused("a.npy", images, { ignore: ["0"] })).code).toBe("COLUMNS_NOT_SELECTABLE");
  });

  it("shifts before it scales, and then has no ink to draw", async () => {
    const idx = concatenated([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2], [0, 255, 51, 0]);
    const { splits } = await load("a-idx3-ubyte", idx, { offset: 127.5, scale: 127.5 });
    expect([...splits.train.features.data]).toEqual([-1, 1, Math.fround(-0.6), -1]);
    expect(splits.train.image).toBeUndefined();
    expect((await refused("a-idx3-ubyte", idx, { offset: Number.NaN })).code).toBe("OFFSET_INVALID");
  });

  it("scales images and their ink", async () => {
    const idx = concatenated([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2], [0, 255, 51, 0]);
    const { splits } = await load("a-idx3-ubyte", idx, { scale: 255 });
    expect([...splits.train.features.data]).toEqual([0, 1, Math.fround(0.2), 0]);
    expect(splits.train.image).toEqual({ height: 1, width: 2, ink: 1 });
    expect((await load("a-idx3-ubyte", idx, { standardise: true })).splits.train.image).toBeUndefined();
    for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect((await refused("a-idx3-ubyte", idx, { scale })).code).toBe("SCALE_INVALID");
    }
  });

  it("takes one number a row for one column", async () => {
    expect((await shown("a.npy", writeNpy(ndarray("float32", [3], [1, 2, 3])))).shape).toEqual([3, 1]);
  });
});

describe("standardising", () => {
  it("is (x − mean) / std by column", async () => {
    const column = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(column, fc.constantFrom(1, 1e-30, 1e30), async (integers, unit) => {
        const values = integers.map((value) => value * unit);
        fc.pre(new Set(values).size > 1);
        const { splits } = await load("a.csv", `x\n${values.join("\n")}`, { standardise: true });
        const mean = integers.reduce((sum, value) => sum + value, 0) / integers.length;
        const deviation = Math.sqrt(integers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / integers.length);
        splits.train.features.data.forEach((value, row) => {
          // float32 keeps 24 bits.
          expect(value).toBeCloseTo((integers[row]! - mean) / deviation, 5);
        });
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  it("stands the smallest and the largest numbers", async () => {
    expect((await shown("a.csv", "0\n5e-324\n", { standardise: true })).values).toEqual([-1, 1]);
    expect((await shown("a.csv", "-3.4e38\n3.4e38\n", { standardise: true })).values).toEqual([-1, 1]);
  });

  it("refuses numbers whose differences are no numbers any more", async () => {
    for (const csv of ["-1.7e308\n1.7e308\n", "1e39\n2e39\n"]) {
      expect((await refused("a.csv", csv, { standardise: true })).code).toBe("VALUE_TOO_LARGE");
    }
  });

  it("turns a constant column into 0 and says so", async () => {
    const { splits, warnings } = await load("a.csv", "a,b\n1,5\n2,5\n3,5\n", { standardise: true });
    expect([1, 3, 5].map((at) => splits.train.features.data[at])).toEqual([0, 0, 0]);
    expect(warnings).toEqual(["1 of 2 columns is constant (column b) and becomes 0"]);
  });

  it("tells apart what float32 alone cannot", async () => {
    const csv = "1000000000\n1000000001\n";
    expect((await shown("a.csv", csv, { standardise: true })).values).toEqual([-1, 1]);
    expect((await refused("a.csv", csv)).code).toBe("ALL_CONSTANT");
  });
});

describe("words of warning", () => {
  it.each([
    [
      "a constant column",
      "a,b\n1,5\n2,5\n",
      {},
      "1 of 2 columns is constant (column b) and says nothing about the rows",
    ],
    ["labels among the features", "a,label\n1,0\n2,1\n", {}, 'column "label" is used as a feature'],
    ["labels that identify rows", "a,id\n1,x\n2,y\n", { labels: "id" }, "every row has a label of its own"],
    ["a header of numbers", "0,1,2\n3,4,6\n5,6,7\n", {}, "reads 0, 1, 2, …"],
  ])("tell of %s", async (_, csv, options, words) => {
    expect((await load("a.csv", csv, options)).warnings).toEqual([expect.stringContaining(words)]);
  });

  it("are absent when all is well", async () => {
    expect(await load("a.csv", FLOWERS, { labels: "species" })).toMatchObject({ warnings: [], notes: [] });
  });
});

describe("unusable content", () => {
  const column = (cell: string) => `x,y\n1,2\n3,4\n5,${cell}\n7,8\n9,10\n`;
  it.each([
    ["an empty cell", column(""), "CELL_EMPTY", 'a.csv:4, column "y"'],
    ["nan", column("nan"), "CELL_NOT_A_NUMBER", 'a.csv:4, column "y"'],
    ["NA", column("NA"), "CELL_NOT_A_NUMBER", 'a.csv:4, column "y"'],
    ["inf", column("-inf"), "CELL_INFINITE", 'a.csv:4, column "y"'],
    ["1e400", column("1e400"), "CELL_INFINITE", 'a.csv:4, column "y"'],
    ["1e39", column("1e39"), "VALUE_TOO_LARGE", 'a.csv:4, column "y"'],
    ["text", column("abc"), "CELL_TEXT", 'a.csv:4, column "y"'],
    ["1_000", column("1_000"), "CELL_TEXT", 'a.csv:4, column "y"'],
    ["0x10", column("0x10"), "CELL_TEXT", 'a.csv:4, column "y"'],
    ["text without a header", "1,2\n3,x\n5,6\n", "CELL_TEXT", "a.csv:2, column 1 (counted from 0)"],
    ["text in the first row", "x,2\n3,4\n5,6\n", "CELL_TEXT", "a.csv:1, column 0 (counted from 0)"],
    ["one row", "x,y\n1,2\n", "TOO_FEW_ROWS", "a.csv"],
    ["one row without a header", "1,2\n", "TOO_FEW_ROWS", "a.csv"],
    ["equal rows", "x,y\n1,2\n1,2\n", "ALL_CONSTANT", "a.csv"],
  ])("%s is refused", async (_, csv, code, where) => {
    expect(await refused("a.csv", csv)).toMatchObject({ code, where });
  });

  it("is a column of text, with advice that fits", async () => {
    const classes = await refused("a.csv", FLOWERS);
    expect(classes).toMatchObject({ code: "COLUMN_TEXT", where: 'a.csv:2, column "species"' });
    expect(classes.fix).toContain("--labels species");
    const notes = await refused("a.csv", "x,note\n1,first\n2,second\n3,third\n");
    expect(notes.fix).toBe(
      'Leave it out (data.ignore: [note] in a job, --set "data.ignore=[note]" on the command line), or turn it into numbers.',
    );
  });

  it("is NaN or infinity in an array, at row and position", async () => {
    // writeNpy refuses to write these, so the bytes are put in afterwards.
    const npy = writeNpy(ndarray("float32", [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]));
    new DataView(npy.buffer).setFloat32(npy.length - 4, Number.NaN, true);
    expect(await refused("a.npy", npy)).toMatchObject({
      code: "CELL_NOT_A_NUMBER",
      where: "a.npy, row 1 (counted from 0), value [1, 1]",
    });
    new DataView(npy.buffer).setFloat32(npy.length - 4, Number.NEGATIVE_INFINITY, true);
    expect((await refused("a.npy", npy)).code).toBe("CELL_INFINITE");
  });

  it("is missing or infinite in JSON lines", async () => {
    expect(await refused("a.jsonl", "[1,2]\n[3,null]\n[5,6]")).toMatchObject({
      code: "CELL_NOT_A_NUMBER",
      where: "a.jsonl:2, column 1 (counted from 0)",
    });
    expect((await refused("a.jsonl", "[1,2]\n[3,1e400]\n[5,6]")).code).toBe("CELL_INFINITE");
  });

  it("is labels that are unknown, of another number, or no single column", async () => {
    const typo = await refused("a.csv", FLOWERS, { labels: "specie" });
    expect(typo).toMatchObject({ code: "LABELS_UNKNOWN", fix: 'Did you mean "species"?' });
    expect((await refused("a.csv", FLOWERS, { labels: "7" })).code).toBe("LABELS_UNKNOWN");
    const labelled = (name: string, content: string) => temporaryFile(name, content);
    const two = await labelled("l.txt", "a\nb\n");
    expect((await refused("a.csv", "1,2\n3,4\n5,7\n", { labels: two })).code).toBe("LABELS_LENGTH");
    // Four labels for three rows: the first is a class like the others, so it is no header.
    const four = await labelled("l.csv", "a\nb\na\nb\n");
    expect((await refused("a.csv", "1,2\n3,4\n5,7\n", { labels: four })).code).toBe("LABELS_LENGTH");
    const wide = await labelled("l.csv", "a,b\nc,d\ne,f\n");
    expect((await refused("a.csv", "1,2\n3,4\n5,7\n", { labels: wide })).code).toBe("LABELS_SHAPE");
    const zip = zipSync({
      "x.npy": writeNpy(ndarray("float32", [2, 1], [1, 2])),
      "y.npy": writeNpy(ndarray("int32", [3], [1, 2, 3])),
    });
    expect((await refused("a.npz", zip)).code).toBe("LABELS_LENGTH");
  });

  it("is a format that is not known", async () => {
    const error = await refused("a.feather", "FEA1");
    expect(error.code).toBe("FORMAT_UNSUPPORTED");
    expect(error.fix).toContain(".csv, .tsv, .jsonl, .npy, .npz, .parquet, .idx");
    expect(await codeOf(() => loadDataset("no-such-file.parquet"))).toBe("FILE_NOT_FOUND");
  });
});

describe("built-in data", () => {
  it("is known by name, and labels itself", async () => {
    const error = await errorOf(() => loadDataset("builtin:digts"));
    expect(error).toMatchObject({ code: "BUILTIN_UNKNOWN", fix: "Did you mean builtin:digits?" });
    expect(await codeOf(() => loadDataset("builtin:constructor"))).toBe("BUILTIN_UNKNOWN");
    expect(await codeOf(() => loadDataset("builtin:blobs", { labels: "kind" }))).toBe("LABELS_UNKNOWN");
    const { splits } = await loadDataset("builtin:blobs", { labels: "label", columns: ["y"] });
    expect(splits.train.features.shape).toEqual([300, 1]);
    expect(splits.train.labels?.names).toEqual(["0", "1", "2"]);
  });

  it("standardises the test part by the training part", async () => {
    const { splits } = await loadDataset("builtin:digits", { standardise: true });
    const plain = (await loadDataset("builtin:digits")).splits;
    const column = (data: Float32Array, at: number) =>
      Array.from({ length: data.length / 64 }, (_, row) => data[row * 64 + at]!);
    const train = column(plain.train.features.data, 10);
    const mean = train.reduce((sum, value) => sum + value, 0) / train.length;
    const deviation = Math.sqrt(train.reduce((sum, value) => sum + (value - mean) ** 2, 0) / train.length);
    const expected = column(plain.test!.features.data, 10).map((value) => (value - mean) / deviation);
    column(splits.test!.features.data, 10).forEach((value, row) => {
      expect(value).toBeCloseTo(expected[row]!, 5);
    });
  });
});
