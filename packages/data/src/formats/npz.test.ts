import { ndarray } from "@semblance/core";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { codeOf, errorOf } from "../../test/support/expect-error.js";
import { writeNpy } from "./npy-writer.js";
import { readNpz } from "./npz.js";

const array = (...shape: number[]) => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return writeNpy(
    ndarray(
      "float32",
      shape,
      Array.from({ length: size }, (_, index) => index),
    ),
  );
};
const zip = (files: Record<string, Uint8Array>, level: 0 | 6 = 6) => zipSync(files, { level });
const read = (files: Record<string, Uint8Array>, labels?: string) =>
  readNpz(zip(files), "t.npz", labels === undefined ? {} : { labels });

/** Where the entry of the central directory begins. */
const directoryOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 6, true);

describe("readNpz", () => {
  it("finds features and labels by name", () => {
    for (const [x, y] of [
      ["features", "labels"],
      ["X", "y"],
      ["data", "label"],
      ["images", "labels"],
    ] as const) {
      const table = read({ "other.npy": array(9, 9), [`${x}.npy`]: array(2, 3), [`${y}.npy`]: array(2) });
      expect(table.shape).toEqual([2, 3]);
      expect([...table.labels!.values]).toEqual([0, 1]);
      expect(table.notes).toEqual([`took the features from "${x}" and the labels from "${y}"; left out "other"`]);
    }
  });

  it("takes the first array with two axes when no name is known", () => {
    const table = read({ "ids.npy": array(4), "embedding.npy": array(4, 2) });
    expect(table.shape).toEqual([4, 2]);
    expect(table.labels).toBeUndefined();
  });

  it("takes the labels that are asked for", () => {
    expect(read({ "x.npy": array(2, 1), "y.npy": array(2), "kind.npy": array(2) }, "kind").labels?.name).toBe("kind");
  });

  it("makes a row of each element that has a label", () => {
    const table = read({ "images.npy": array(2, 3, 4, 5), "labels.npy": array(2, 3) });
    expect(table.shape).toEqual([6, 4, 5]);
    expect(table.labels?.values).toHaveLength(6);
  });

  it("reads stored entries", () => {
    expect(readNpz(zip({ "x.npy": array(2, 3) }, 0), "t.npz").shape).toEqual([2, 3]);
  });

  it("refuses an archive without features", async () => {
    const error = await errorOf(() => read({ "ids.npy": array(4) }));
    expect(error).toMatchObject({ code: "FEATURES_NOT_FOUND", message: expect.stringContaining('"ids"') });
    expect(await codeOf(() => read({ "readme.txt": Uint8Array.of(1) }))).toBe("FEATURES_NOT_FOUND");
  });

  it("refuses a file cut short anywhere", async () => {
    const whole = zip({ "x.npy": array(20, 3) });
    for (let length = 0; length < whole.length; length += 7) {
      expect(await codeOf(() => readNpz(whole.subarray(0, length), "t.npz"))).toBe("ZIP_DAMAGED");
    }
  });

  it("notices a changed byte of the content, stored or deflated", async () => {
    for (const level of [0, 6] as const) {
      const bytes = zip({ "x.npy": array(20, 3) }, level);
      const middle = Math.floor(directoryOf(bytes) * 0.8);
      bytes[middle] = bytes[middle]! ^ 1;
      expect(await codeOf(() => readNpz(bytes, "t.npz"))).toBe("ZIP_DAMAGED");
    }
  });

  it("refuses an entry that claims gigabytes before it allocates them", async () => {
    const bytes = zip({ "x.npy": array(2, 3) });
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(directoryOf(bytes) + 24, 0xfffffff0, true);
    const before = process.memoryUsage().arrayBuffers;
    const error = await errorOf(() => readNpz(bytes, "t.npz"));
    expect(error).toMatchObject({ code: "ZIP_DAMAGED", message: expect.stringContaining("claims") });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26);
  });

  it("refuses an encrypted entry and an unknown compression", async () => {
    const encrypted = zip({ "x.npy": array(2, 3) });
    encrypted[directoryOf(encrypted) + 8] = 1;
    expect(await codeOf(() => readNpz(encrypted, "t.npz"))).toBe("ZIP_DAMAGED");
    const unknown = zip({ "x.npy": array(2, 3) });
    unknown[directoryOf(unknown) + 10] = 99;
    expect(await codeOf(() => readNpz(unknown, "t.npz"))).toBe("ZIP_DAMAGED");
  });
});
