import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "./load-dataset.js";

let folder: string;
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "semblance-ids-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("ids of rows", () => {
  it("are a column, which is then no feature", async () => {
    const path = file("table.csv", "name,x,y,class\nb,1,2,u\na,3,4,v\nc,5,7,u\n");
    const { train } = (await loadDataset(path, { ids: "name", labels: "class" })).splits;
    expect(train.ids).toEqual(["b", "a", "c"]);
    expect(train.columns).toEqual(["x", "y"]);
    expect([...train.features.data]).toEqual([1, 2, 3, 4, 5, 7]);
    expect(train.labels!.names).toEqual(["u", "v"]);
  });

  it("are a column by position, spelled as in the file", async () => {
    const path = file("plain.csv", "007,1,2\n010,3,4\n008,5,7\n");
    const { train } = (await loadDataset(path, { ids: "0", header: false })).splits;
    expect(train.ids).toEqual(["007", "010", "008"]);
    expect(train.features.shape).toEqual([3, 2]);
  });

  it("are a file with one id a row, and absent where nobody asks", async () => {
    const path = file("rows.csv", "x,y\n1,2\n3,4\n");
    const { train } = (await loadDataset(path, { ids: file("ids.txt", "first\nsecond\n") })).splits;
    expect(train.ids).toEqual(["first", "second"]);
    expect((await loadDataset(path)).splits.train.ids).toBeUndefined();
  });

  it.each([
    ["that nothing is called", { ids: "nam" }, "IDS_UNKNOWN"],
    ["that repeat", { ids: "y" }, "IDS_REPEATED"],
  ])("%s are refused", async (_, options, code) => {
    const path = file("again.csv", "name,x,y\n1,1,2\n2,3,2\n");
    await expect(loadDataset(path, options)).rejects.toMatchObject({ code });
  });

  it("are not to be had of built-in data", async () => {
    await expect(loadDataset("builtin:digits", { ids: "0" })).rejects.toMatchObject({ code: "IDS_UNKNOWN" });
  });
});
