import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadDataset } from "./load-dataset.js";

const folder = mkdtempSync(join(tmpdir(), "semblance-supervision-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const NAMED = file("named.csv", "id,x,y\na,1,2\nb,2,1\nc,5,6\nd,7,7\ne,8,6\n");
const PLAIN = file("plain.csv", "x,y\n1,2\n2,1\n5,6\n7,7\n");
const withPairs = async (content: string, source = NAMED) => {
  const ids = source === NAMED ? { ids: "id" } : {};
  const pairs = file("pairs.csv", content);
  return (await loadDataset(source, { ...ids, pairs })).splits.train.supervision;
};

describe("pairs of rows from a file", () => {
  const expected = {
    form: "pairs",
    rows: Int32Array.of(0, 1, 1, 2, 3, 4),
    similarity: Float32Array.of(1, -1, 1),
  };

  it.each([
    ["numbers", "a,b,1\nc,b,0\nd,e,1\n"],
    ["words under a header", "a,b,same\na,b,similar\nc,b,Dissimilar\nd,e,yes\nb,a,true\n"],
    ["the words of constraints", "first,second,kind\na,b,must-link\nb,c,cannot-link\nd,e,must-link\n"],
  ])("are read from %s, each once", async (_, content) => {
    expect(await withPairs(content)).toEqual(expected);
  });

  it("hold degrees of similarity under their header", async () => {
    expect(await withPairs("a,b,similarity\na,b,0.25\nb,c,-1\n")).toEqual({
      form: "pairs",
      rows: Int32Array.of(0, 1, 1, 2),
      similarity: Float32Array.of(0.25, -1),
    });
  });

  it("name rows by number where there are no ids", async () => {
    expect(await withPairs("0,3,1\n", PLAIN)).toMatchObject({ rows: Int32Array.of(0, 3) });
  });

  it.each([
    ["a,f,1\n", "SAMPLE_UNKNOWN", "pairs.csv:1", /no sample "f"/],
    ["a,b,1\nb,,1\n", "PAIR_EMPTY", "pairs.csv:2", /no id/],
    ["a,b,maybe\n", "PAIR_SAME_UNKNOWN", "pairs.csv:1", /"maybe"/],
    ["a,b,similarity\na,b,2\n", "PAIR_SIMILARITY_INVALID", "pairs.csv:2", /"2"/],
    ["a,b,1\nc,c,1\n", "PAIR_WITH_ITSELF", "pairs.csv:2", /itself/],
    ["a,b,1\nb,a,0\n", "PAIRS_CONTRADICT", "pairs.csv:2", /similarity 1 before \(.*pairs\.csv:1\)/],
    ["a,b,1\nb,c,1\nc,d,1\nd,a,0\n", "PAIRS_CONTRADICT", "pairs.csv:4", /"a" – "b" – "c" – "d"/],
    ["a,b\n", "PAIRS_COLUMNS", "pairs.csv:1", /2 cells/],
    ["a,b,same\n", "FILE_EMPTY", "pairs.csv", /./],
  ])("are refused as %j by line", async (content, code, where, message) => {
    await expect(withPairs(content)).rejects.toMatchObject({
      code,
      where: expect.stringContaining(where),
      message: expect.stringMatching(message),
      fix: expect.any(String),
    });
  });

  it("find no contradiction in degrees, which do not add up along a chain", async () => {
    const degrees = await withPairs("a,b,similarity\na,b,0.9\nb,c,0.9\na,c,-1\n");
    expect(degrees).toMatchObject({ form: "pairs" });
  });

  it("go with one kind of supervision", async () => {
    const options = { ids: "id", pairs: file("p.csv", "a,b,1\n"), triplets: file("t.csv", "a,b,c\n") };
    await expect(loadDataset(NAMED, options)).rejects.toMatchObject({ code: "SUPERVISION_TWICE" });
  });
});

describe("triplets of rows from a file", () => {
  const withTriplets = async (content: string) =>
    (await loadDataset(NAMED, { ids: "id", triplets: file("triplets.csv", content) })).splits.train.supervision;

  it("are read with and without a header, each once", async () => {
    const expected = { form: "triplets", rows: Int32Array.of(0, 1, 2, 3, 4, 0) };
    expect(await withTriplets("a,b,c\nd,e,a\na,b,c\n")).toEqual(expected);
    expect(await withTriplets("anchor,positive,negative\na,b,c\nd,e,a\n")).toEqual(expected);
  });

  it.each([
    ["a,b,f\n", "SAMPLE_UNKNOWN"],
    ["a,b,b\n", "PAIR_WITH_ITSELF"],
    ["a,b,c\na,c,b\n", "TRIPLETS_CONTRADICT"],
    ["a,b,\n", "PAIR_EMPTY"],
    ["anchor,positive,negative\n", "FILE_EMPTY"],
  ])("are refused as %j", async (content, code) => {
    await expect(withTriplets(content)).rejects.toMatchObject({ code });
  });
});

describe("several labels of a row", () => {
  const table = file("several.csv", "x,red,round\n1,1,0\n2,1,1\n4,0,0\n");

  it("are columns of 0 and 1, which are no features", async () => {
    const { train } = (await loadDataset(table, { multiLabels: ["red", "round"] })).splits;
    expect(train.columns).toEqual(["x"]);
    expect(train.supervision).toMatchObject({ form: "multi-labels", names: ["red", "round"] });
    expect(train.supervision).toMatchObject({ memberships: { data: Float32Array.of(1, 0, 1, 1, 0, 0) } });
  });

  it.each([
    ["a column that is not there", ["rde"], "COLUMN_UNKNOWN"],
    ["other numbers", ["x"], "MULTI_LABEL_INVALID"],
  ])("are refused as %s", async (_, multiLabels, code) => {
    await expect(loadDataset(table, { multiLabels })).rejects.toMatchObject({ code });
  });
});
