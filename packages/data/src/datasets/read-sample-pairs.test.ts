import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readSamplePairs } from "./read-sample-pairs.js";

const folder = mkdtempSync(join(tmpdir(), "semblance-pairs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function pairsOf(content: string | Uint8Array, name = "pairs.csv") {
  writeFileSync(join(folder, name), content);
  return await readSamplePairs(join(folder, name));
}

describe("readSamplePairs", () => {
  it("takes ids as they are spelled, with and without a header", async () => {
    const lines = '007,7,must-link\n"a, b",ü é,cannot-link\n 1e3 , x ,must\n';
    const pairs = {
      mustLink: [
        ["007", "7"],
        ["1e3", "x"],
      ],
      cannotLink: [["a, b", "ü é"]],
    };
    expect(await pairsOf(lines)).toEqual(pairs);
    expect(await pairsOf(`a,b,kind\n${lines}`)).toEqual(pairs);
    expect(await pairsOf(gzipSync(lines.replaceAll("a, b", "a b")), "pairs.csv.gz")).toMatchObject({
      cannotLink: [["a b", "ü é"]],
    });
    expect(await pairsOf("a\tb\tcannot\r\n", "pairs.tsv")).toEqual({ mustLink: [], cannotLink: [["a", "b"]] });
  });

  it.each([
    ["a,b,must-link\nc,d,muts-link\n", "PAIR_KIND_UNKNOWN", "pairs.csv:2"],
    ["first,second,what\na,b,must-link\n", "PAIR_KIND_UNKNOWN", "pairs.csv:1"],
    ["a,b,__proto__\n", "PAIR_KIND_UNKNOWN", "pairs.csv:1"],
    ["a,b\n", "PAIRS_COLUMNS", "pairs.csv:1"],
    ["a, ,must-link\n", "PAIR_EMPTY", "pairs.csv:1"],
    ["a,b,must-link\nc,must-link\n", "RAGGED_ROW", "pairs.csv:2"],
    ["", "FILE_EMPTY", "pairs.csv"],
    ["\n", "FILE_EMPTY", "pairs.csv"],
  ])("refuses %j, by line", async (content, code, where) => {
    await expect(pairsOf(content)).rejects.toMatchObject({ code, where: expect.stringContaining(where) });
  });

  it("refuses a file that is no table", async () => {
    await expect(pairsOf("a b must-link\n", "pairs.txt")).rejects.toMatchObject({ code: "PAIRS_NOT_DELIMITED" });
  });
});
