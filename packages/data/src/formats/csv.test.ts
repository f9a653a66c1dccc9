import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf, errorOf } from "../../test/support/expect-error.js";
import { tableOf } from "../tables/table-of.js";
import { readCsv } from "./csv.js";
import { forEachRecord, type OnRecord, parseQuoted } from "./csv-records.js";
import { writeCsv } from "./csv-writer.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options = {}) => readCsv(bytes(text), "t.csv", ",", options);
const content = (text: string, options = {}) => {
  const { columns, named, lines } = read(text, options);
  return { named, lines: [...lines!], columns: columns.map(({ name, values }) => [name, [...values]]) };
};

describe("readCsv", () => {
  it("finds out whether there is a header", () => {
    expect(content("a,b\n1,2\n3,4")).toEqual({
      named: true,
      lines: [2, 3],
      columns: [
        ["a", [1, 3]],
        ["b", [2, 4]],
      ],
    });
    expect(content("1,2\n3,4")).toEqual({
      named: false,
      lines: [1, 2],
      columns: [
        ["0", [1, 3]],
        ["1", [2, 4]],
      ],
    });
    expect(read("5.1,setosa\n4.9,setosa").named).toBe(false);
    expect(read("text,category\nhello,greeting").named).toBe(true);
    expect(read(",x\n0,1\n1,2").columns.map(({ name }) => name)).toEqual(["0", "x"]);
    expect(read("x\n1\nNA\n2").named).toBe(true);
    expect(read("nan,inf\n1,2\n3,4").named).toBe(false);
    expect(read("1,2\n3,4", { header: true }).columns.map(({ name }) => name)).toEqual(["1", "2"]);
    expect(read("a,b\n1,2", { header: false }).rows).toBe(2);
  });

  it("warns of a header that is numbers", () => {
    expect(read("0,1,2\n5,6,7").warnings).toHaveLength(1);
    expect(read("0,1,2\n5,6,7", { header: false }).warnings).toBeUndefined();
  });

  it.each([
    ["a byte order mark", "\ufeffa,b\n1,2\n3,4\n"],
    ["\\r\\n", "a,b\r\n1,2\r\n3,4\r\n"],
    ["\\r alone", "a,b\r1,2\r3,4\r"],
    ["mixed line ends", "a,b\r\n1,2\n3,4"],
    ["quotes", '"a","b"\n"1",2\n3,"4"\n'],
    ["quotes and mixed line ends", '"a","b"\r\n"1",2\n3,"4"\r\n'],
    ["spaces", " a , b \n 1 , 2 \n 3 , 4 "],
  ])("understands %s", (_, text) => {
    expect(content(text).columns).toEqual([
      ["a", [1, 3]],
      ["b", [2, 4]],
    ]);
  });

  it("counts lines across empty lines and quoted line ends", () => {
    expect(content('a,b\n\n"x\ny",1\n3,4\n"p\n\nq",5\n\n"say ""hi""",6\n')).toEqual({
      named: true,
      lines: [3, 5, 6, 10],
      columns: [
        ["a", ["x\ny", "3", "p\n\nq", 'say "hi"']],
        ["b", [1, 4, 5, 6]],
      ],
    });
  });

  it("keeps the spelling of a column that turns into text further down", () => {
    expect(content("a,b,c\n1.0,2,3\n2.50,3,x\nNA,4,5").columns).toEqual([
      ["a", ["1.0", "2.50", "NA"]],
      ["b", [2, 3, 4]],
      ["c", ["3", "x", "5"]],
    ]);
  });

  it("keeps the spelling of the labels", () => {
    const [, label] = read("a,label\n1,01\n2,02", { labels: "label" }).columns;
    expect(label).toMatchObject({ kind: "number", spelled: ["01", "02"] });
  });

  it.each([
    ["", "FILE_EMPTY", "t.csv"],
    ["\n\n", "FILE_EMPTY", "t.csv"],
    ["a,b\n", "HEADER_ONLY", "t.csv:1"],
    ["a,b\n1,2\n3\n", "RAGGED_ROW", "t.csv:3"],
    ['a,b\n"1",2\n"3"\n', "RAGGED_ROW", "t.csv:3"],
    ["a,b\n1,2\n3,4,5\n", "RAGGED_ROW", "t.csv:3"],
    ["a,b,a\n1,2,3\n", "COLUMN_REPEATED", "t.csv:1"],
    ["a;b\n1;2\n", "DELIMITER_UNEXPECTED", "t.csv:1"],
    ["a\tb\n1\t2\n", "DELIMITER_UNEXPECTED", "t.csv:1"],
    ['a,b\n1,2\n"3,4\n5,6\n', "QUOTES_BROKEN", "t.csv:3"],
    ['a,b\n1,2\n3,4"5"\n', "QUOTES_BROKEN", "t.csv:3"],
    ['a,b\n1,2\n"3"x,4\n', "QUOTES_BROKEN", "t.csv:3"],
  ])("refuses %j: %s", async (text, code, where) => {
    expect(await errorOf(() => read(text))).toMatchObject({ name: "DataError", code, where });
  });

  it.each([
    ["gzip", [0x1f, 0x8b, 8, 0], "BINARY_FILE"],
    ["zip", [0x50, 0x4b, 3, 4], "BINARY_FILE"],
    ["bytes with NUL", [49, 44, 0, 50], "BINARY_FILE"],
    ["UTF-16", [0xff, 0xfe, 0x61, 0], "ENCODING_UNSUPPORTED"],
    ["Latin-1", [0x47, 0x72, 0xf6, 0xdf, 0x65, 10, 49], "ENCODING_UNSUPPORTED"],
  ])("refuses %s", async (_, content, code) => {
    expect(await codeOf(() => readCsv(Uint8Array.from(content), "t.csv", ",", {}))).toBe(code);
  });

  it("says what was wrong, where, and what to do", async () => {
    const { message, where, fix } = await errorOf(() => read("a,b\n1,2\n3\n"));
    expect({ message, where, fix }).toMatchInlineSnapshot(`
      {
        "fix": "Give every row the same number of cells; put cells that contain the delimiter in double quotes.",
        "message": "the row has 1 cells where the first row has 2",
        "where": "t.csv:3",
      }
    `);
  });
});

const cell = fc.string({
  unit: fc.constantFrom("a", "b", "1", ".", " ", ",", '"', "\n", "\r", "ß", "\t"),
  maxLength: 6,
});
const records = (visit: (onRecord: OnRecord) => void) => {
  const found: [string[], number][] = [];
  visit((cells, line) => found.push([cells, line]));
  return found;
};

describe("forEachRecord", () => {
  it("agrees with csv-parse, lines included, on anything that is written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(cell, { minLength: 1, maxLength: 24 }), (width, cells) => {
        const rows = Math.ceil(cells.length / width);
        const columns = Array.from({ length: width }, (_, c) =>
          Array.from({ length: rows }, (_, r) => cells[r * width + c] ?? "x"),
        );
        const text = writeCsv(tableOf("t", Object.fromEntries(columns.map((values, c) => [`c${c}`, values]))));
        const data = bytes(text);
        const ours = records((onRecord) => forEachRecord(data, "t", ",", onRecord));
        let line = 2;
        const lines = Array.from({ length: rows }, (_, r) => {
          const begins = line;
          line += 1 + columns.reduce((sum, values) => sum + values[r]!.split("\n").length - 1, 0);
          return begins;
        });
        expect(ours.map(([, begins]) => begins)).toEqual([1, ...lines]);
        const options = { delimiter: ",", lineEnd: ["\r\n", "\n"], lines: [1, ...lines] };
        expect(ours).toEqual(records((onRecord) => parseQuoted(data, "t", options, onRecord)));
        expect(ours.slice(1).map(([row]) => row)).toEqual(
          Array.from({ length: rows }, (_, r) => columns.map((values) => values[r])),
        );
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe("writeCsv", () => {
  it("reads back as it was written", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, cell), { minLength: 2, maxLength: 20 }), (rows) => {
        const numbers = rows.map(([value]) => value);
        // A text column whose cells are all numbers would rightly be read as numbers.
        const words = rows.map(([, word]) => `w${word}`);
        const table = read(writeCsv(tableOf("t", { "a,b": numbers, 'say "w"': words })));
        expect(table.columns.map(({ name, values }) => [name, [...values]])).toEqual([
          ["a,b", numbers],
          ['say "w"', words],
        ]);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("refuses what is no number, and names that repeat", async () => {
    const error = await errorOf(() => writeCsv(tableOf("out", { a: [1, Number.NaN] })));
    expect(error).toMatchObject({ code: "VALUE_NOT_FINITE", where: 'out, row 1 (counted from 0), column "a"' });
    expect(await codeOf(() => tableOf("out", { a: [1], b: [1, 2] }))).toBe("TABLE_MALFORMED");
  });
});
