import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/expect-error.js";
import { readJsonl } from "./jsonl.js";

const read = (text: string) => readJsonl(new TextEncoder().encode(text), "t.jsonl");
const columns = (text: string) => read(text).columns.map(({ name, values }) => [name, [...values]]);

describe("readJsonl", () => {
  it("reads arrays, objects and labelled vectors", () => {
    expect(columns("[1,2]\n\n[3,4.5]\r\n")).toEqual([
      ["0", [1, 3]],
      ["1", [2, 4.5]],
    ]);
    expect(columns('\ufeff{"a":1,"b":"x"}\n{"b":"y","a":true}')).toEqual([
      ["a", [1, 1]],
      ["b", ["x", "y"]],
    ]);
    const table = read('{"vector":[1,2],"label":"cat"}\n{"vector":[3,4],"label":"dog"}');
    expect(table).toMatchObject({ labelColumn: "label", rows: 2 });
    expect(table.columns.map(({ name }) => name)).toEqual(["vector[0]", "vector[1]", "label"]);
    expect(columns('{"v":[1,2],"a":3}\n{"a":6,"v":[4,5]}')).toEqual([
      ["v[0]", [1, 4]],
      ["v[1]", [2, 5]],
      ["a", [3, 6]],
    ]);
    expect(read('{"a":1,"label":0}').labelColumn).toBeUndefined();
  });

  it.each([
    ["", "FILE_EMPTY", "t.jsonl"],
    ["[1]\n[2", "JSON_INVALID", "t.jsonl:2"],
    ["[1]\n\nnull", "JSON_SHAPE", "t.jsonl:3"],
    ["3", "JSON_SHAPE", "t.jsonl:1"],
    ["[]", "JSON_SHAPE", "t.jsonl:1"],
    ["{}", "JSON_SHAPE", "t.jsonl:1"],
    ["[[1]]", "JSON_SHAPE", "t.jsonl:1"],
    ['{"a":{"b":1}}', "JSON_SHAPE", "t.jsonl:1"],
    ["[1,2]\n[1]", "RAGGED_ROW", "t.jsonl:2"],
    ["[1]\n[1,2]", "RAGGED_ROW", "t.jsonl:2"],
    ['{"a":1}\n{"b":1}', "RAGGED_ROW", "t.jsonl:2"],
    ["\u0000", "BINARY_FILE", "t.jsonl"],
  ])("refuses %j: %s", async (text, code, where) => {
    expect(await errorOf(() => read(text))).toMatchObject({ name: "DataError", code, where });
  });
});
