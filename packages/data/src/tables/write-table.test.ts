import { existsSync } from "node:fs";
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ndarray } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { codeOf, errorOf } from "../../test/support/expect-error.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { writeFailed } from "../errors/write-errors.js";
import { readTable } from "./read-table.js";
import type { ColumnTable } from "./table.js";
import { tableOf, tableOfArray } from "./table-of.js";
import { writeTable } from "./write-table.js";

const predictions = tableOf("predictions", { row: [0, 1, 2], cluster: ["a,b", 'say "c"', "d"], p: [0.1, 1e-300, -0] });
const embeddings = tableOfArray("embeddings", ndarray("float32", [2, 3], [0.1, 2, 3, 4, 5, 6]));

describe("writeTable", () => {
  it.each(["csv", "tsv", "jsonl"])("writes .%s that reads back the same", async (extension) => {
    const path = join(await temporaryFolder(), `out.${extension}`);
    await writeTable(path, predictions);
    expect(((await readTable(path)) as ColumnTable).columns).toEqual(predictions.columns);
    await writeTable(path, embeddings);
    const columns = ((await readTable(path)) as ColumnTable).columns.map(({ values }) => [...values]);
    expect(columns).toEqual([
      [Math.fround(0.1), 4],
      [2, 5],
      [3, 6],
    ]);
  });

  it("writes .npy that reads back the same", async () => {
    const path = join(await temporaryFolder(), "out.npy");
    await writeTable(path, embeddings);
    expect(await readTable(path)).toMatchObject({ shape: [2, 3], values: embeddings.values });
  });

  it("writes more rows than it joins at a time", async () => {
    const path = join(await temporaryFolder(), "out.csv");
    await writeTable(path, tableOf("t", { a: Array.from({ length: 2500 }, (_, index) => index) }));
    expect((await readFile(path, "utf8")).trimEnd().split("\n")).toHaveLength(2501);
  });

  it("leaves the old file and nothing else behind when it fails", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "out.csv");
    await writeFile(path, "old");
    const rows = Array.from({ length: 3000 }, (_, index) => (index === 2500 ? Number.NaN : index));
    const error = await errorOf(() => writeTable(path, tableOf("t", { a: rows })));
    expect(error).toMatchObject({ code: "VALUE_NOT_FINITE", where: 't, row 2500 (counted from 0), column "a"' });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["out.csv"]);
  });

  it("writes through a link instead of replacing it", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "real.csv"), "old");
    await symlink("real.csv", join(folder, "link.csv"));
    await writeTable(join(folder, "link.csv"), embeddings);
    expect((await lstat(join(folder, "link.csv"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, "real.csv"), "utf8")).not.toBe("old");
  });

  it("refuses a missing folder, a folder, and other formats", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "sub.csv"));
    expect(await codeOf(() => writeTable(join(folder, "no", "out.csv"), embeddings))).toBe("FOLDER_NOT_FOUND");
    expect(await codeOf(() => writeTable(join(folder, "sub.csv"), embeddings))).toBe("IS_A_FOLDER");
    expect(await codeOf(() => writeTable(join(folder, "out.npz"), embeddings))).toBe("FORMAT_UNSUPPORTED");
    expect(await codeOf(() => writeTable(join(folder, "out.csv.gz"), embeddings))).toBe("FORMAT_UNSUPPORTED");
    const images = tableOfArray("images", ndarray("float32", [1, 2, 2], [1, 2, 3, 4]));
    expect(await codeOf(() => writeTable(join(folder, "out.csv"), images))).toBe("RANK_UNSUPPORTED");
    expect(await readdir(folder)).toEqual(["sub.csv"]);
  });

  it.skipIf(!existsSync("/dev/null"))("leaves devices alone [needs /dev/null]", async () => {
    const link = join(await temporaryFolder(), "out.csv");
    await symlink("/dev/null", link);
    expect(await codeOf(() => writeTable(link, embeddings))).toBe("NOT_A_FILE");
    expect((await lstat("/dev/null")).isCharacterDevice()).toBe(true);
  });

  it.each([
    ["EACCES", "WRITE_DENIED"],
    ["EPERM", "WRITE_DENIED"],
    ["EROFS", "WRITE_DENIED"],
    ["ENOSPC", "DISK_FULL"],
    ["EDQUOT", "DISK_FULL"],
    ["ENOENT", "FOLDER_NOT_FOUND"],
    ["ENOTDIR", "FOLDER_NOT_FOUND"],
    ["EISDIR", "IS_A_FOLDER"],
    ["EIO", "WRITE_FAILED"],
  ])("explains %s", async (system, code) => {
    const error = await errorOf(() =>
      Promise.reject(writeFailed("out.csv", Object.assign(new Error(system), { code: system }))),
    );
    expect(error).toMatchObject({ name: "DataError", code, where: "out.csv" });
  });
});
