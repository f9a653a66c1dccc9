import { existsSync } from "node:fs";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { codeOf, errorOf } from "../../test/support/expect-error.js";
import { temporaryFile, temporaryFolder } from "../../test/support/temporary-folder.js";
import { fileUnreadable } from "../errors/file-errors.js";
import { readBytes } from "./read-bytes.js";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("readBytes", () => {
  it("reads plain and compressed files, also of several members", async () => {
    expect(text(await readBytes(await temporaryFile("a.csv", "1,2")))).toBe("1,2");
    const members = Buffer.concat([gzipSync("1,2\n"), gzipSync("3,4\n")]);
    expect(text(await readBytes(await temporaryFile("a.csv.GZ", members)))).toBe("1,2\n3,4\n");
  });

  it("guesses which file was meant", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "iris.csv"), "1,2");
    const error = await errorOf(() => readBytes(join(folder, "irs.csv")));
    expect(error).toMatchObject({ name: "DataError", code: "FILE_NOT_FOUND", where: join(folder, "irs.csv") });
    expect(error.fix).toBe(`Did you mean ${join(folder, "iris.csv")}?`);
    expect(await codeOf(() => readBytes(join(folder, "no", "such", "folder.csv")))).toBe("FILE_NOT_FOUND");
  });

  it("refuses folders, empty files, impossible paths and loops", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "images"));
    await symlink("loop.csv", join(folder, "loop.csv"));
    expect(await codeOf(() => readBytes(join(folder, "images")))).toBe("IS_A_FOLDER");
    expect(await codeOf(() => readBytes(join(folder, "loop.csv")))).toBe("FILE_UNREADABLE");
    expect(await codeOf(() => readBytes("a\u0000b.csv"))).toBe("FILE_UNREADABLE");
    expect(await codeOf(() => readBytes("x".repeat(5000)))).toBe("FILE_UNREADABLE");
    expect(await codeOf(async () => readBytes(await temporaryFile("a.csv", "")))).toBe("FILE_EMPTY");
    expect(await codeOf(async () => readBytes(await temporaryFile("a.csv.gz", gzipSync(""))))).toBe("FILE_EMPTY");
  });

  it.skipIf(!existsSync("/dev/zero"))("refuses devices, which never end [needs /dev/zero]", async () => {
    expect(await codeOf(() => readBytes("/dev/zero"))).toBe("NOT_A_FILE");
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
    "refuses a file without permission [not as root, not on Windows]",
    async () => {
      const path = await temporaryFile("a.csv", "1,2");
      await chmod(path, 0);
      expect(await codeOf(() => readBytes(path))).toBe("FILE_UNREADABLE");
    },
  );

  it("explains a permission that is missing", () => {
    const error = fileUnreadable("a.csv", Object.assign(new Error("EACCES"), { code: "EACCES" }));
    expect(error).toMatchObject({
      code: "FILE_UNREADABLE",
      fix: "Give yourself read permission on the file and its folder.",
    });
  });

  it("refuses gzip that is cut short, damaged or not gzip", async () => {
    const whole = gzipSync(Array.from({ length: 1000 }, (_, index) => `${index},${index * index}`).join("\n"));
    expect(await codeOf(async () => readBytes(await temporaryFile("a.csv.gz", whole.subarray(0, 500))))).toBe(
      "GZIP_TRUNCATED",
    );
    expect(await codeOf(async () => readBytes(await temporaryFile("a.csv.gz", whole.subarray(0, -4))))).toBe(
      "GZIP_TRUNCATED",
    );
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 6] = damaged[damaged.length - 6]! ^ 1;
    expect(await codeOf(async () => readBytes(await temporaryFile("a.csv.gz", damaged)))).toBe("GZIP_DAMAGED");
    expect(await codeOf(async () => readBytes(await temporaryFile("a.csv.gz", "a,b\n1,2\n")))).toBe("GZIP_DAMAGED");
  });

  it("stops at the limit, before and after decompression", async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 24));
    expect(await codeOf(async () => readBytes(await temporaryFile("a.csv.gz", bomb), 2 ** 20))).toBe("FILE_TOO_LARGE");
    expect(await codeOf(async () => readBytes(await temporaryFile("a.csv", "12345678"), 7))).toBe("FILE_TOO_LARGE");
  });
});
