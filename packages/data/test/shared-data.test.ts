import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readBytes } from "../src/files/read-bytes.js";
import { readCsv } from "../src/formats/csv.js";
import { encodeNpyTable } from "../src/formats/npy-writer.js";
import { builtins, type LoadOptions, loadDataset, type Numbers, readTable } from "../src/index.js";
import { sharedData, sharedDataMissing } from "./support/shared-data.js";

const suite = describe.skipIf(sharedDataMissing !== undefined);
const title = sharedDataMissing === undefined ? "shared data" : `shared data [skipped: ${sharedDataMissing}]`;

const counts = (indices: Int32Array, classes: number) => {
  const out = new Array<number>(classes).fill(0);
  for (const index of indices) out[index]!++;
  return out;
};

const total = (values: Numbers) => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
};

suite(title, () => {
  // Shapes and class counts as the README of the data states them.
  it.each<[string, LoadOptions, number[], number]>([
    ["tabular/iris.csv", { labels: "label" }, [150, 4], 3],
    ["tabular/wine.csv", { labels: "label" }, [178, 13], 3],
    ["tabular/breast_cancer.csv", { labels: "label", standardise: true }, [569, 30], 2],
    ["wisdm-watch-accel/features.csv.gz", { labels: "0" }, [9136, 92], 18],
    [
      "wisdm-watch-accel/windows-x.npy.gz",
      { labels: sharedData("wisdm-watch-accel/windows-activity.npy.gz") },
      [7704, 200, 3],
      18,
    ],
    [
      "mnist/t10k-images-idx3-ubyte.gz",
      { labels: sharedData("mnist/t10k-labels-idx1-ubyte.gz"), scale: 255 },
      [10_000, 28, 28],
      10,
    ],
    [
      "omniglot/background-images-28x28-idx3-ubyte.gz",
      { labels: sharedData("omniglot/background-labels-idx1-int16.gz"), scale: 255 },
      [19_280, 28, 28],
      964,
    ],
  ])("loads %s", async (file, options, shape, classes) => {
    const { train } = (await loadDataset(sharedData(file), options)).splits;
    expect(train.features.shape).toEqual(shape);
    expect(train.labels!.names).toHaveLength(classes);
    expect(train.labels!.indices).toHaveLength(shape[0]!);
    expect(train.features.data.every(Number.isFinite)).toBe(true);
  });

  it("reads MNIST pixel for pixel", async () => {
    const table = await readTable(sharedData("mnist/train-images-idx3-ubyte.gz"));
    if (table.kind !== "array") throw new Error("not an array");
    expect(table.shape).toEqual([60_000, 28, 28]);
    // The mean of the training pixels is widely published as 33.3184.
    expect(total(table.values) / table.values.length).toBeCloseTo(33.3184, 3);
    const labels = (await loadDataset(sharedData("mnist/t10k-labels-idx1-ubyte.gz"))).splits.train.features;
    expect([...labels.data.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });

  it("reads the Omniglot archive in agreement with its IDX file", async () => {
    const archive = await readTable(sharedData("omniglot/images_background.npz"));
    const reduced = await readTable(sharedData("omniglot/background-images-28x28-idx3-ubyte.gz"));
    if (archive.kind !== "array" || reduced.kind !== "array") throw new Error("not an array");
    expect(archive.shape).toEqual([19_280, 105, 105]);
    expect(archive.labels!.values[19_279]).toBe(963);
    // Paper is 1 in the archive; the reduced images are area averages of the ink, so both hold the same share of it.
    for (const image of [0, 7777, 19_279]) {
      const pixels = archive.values.subarray(image * 105 * 105, (image + 1) * 105 * 105);
      const averages = reduced.values.subarray(image * 784, (image + 1) * 784);
      const ink = 1 - total(pixels) / pixels.length;
      const reducedInk = total(averages) / 255 / 784;
      // Rounding to a 255th moves the share by half of that at most.
      expect(Math.abs(ink - reducedInk)).toBeLessThan(0.5 / 255);
    }
  }, 120_000);

  it.each(["windows-x", "windows-activity", "windows-subject"])(
    "writes %s.npy byte for byte as numpy did",
    async (name) => {
      const path = sharedData(`wisdm-watch-accel/${name}.npy.gz`);
      const parts = encodeNpyTable(await readTable(path));
      expect(Buffer.concat(parts).equals(gunzipSync(readFileSync(path)))).toBe(true);
    },
  );

  it.each([
    ["optdigits.tra", 3823, [376, 389, 380, 389, 387, 376, 377, 387, 380, 382]],
    ["optdigits.tes", 1797, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]],
  ])("ships %s unchanged", async (file, rows, perClass) => {
    const shipped = fileURLToPath(new URL(`../digits/${file}.gz`, import.meta.url));
    const original = sharedData(`optdigits/${file}`);
    expect(Buffer.from(await readBytes(shipped)).equals(readFileSync(original))).toBe(true);
    const table = readCsv(await readBytes(original), original, ",");
    expect(table).toMatchObject({ rows, named: false });
    const { train, test } = await builtins.digits!.load();
    const part = file.endsWith(".tra") ? train : test!;
    expect(part.features.shape).toEqual([rows, 64]);
    expect(part.image).toEqual({ height: 8, width: 8, ink: 1 });
    expect(counts(part.labels!.indices, 10)).toEqual(perClass);
    for (let row = 0; row < rows; row += 97) {
      for (let pixel = 0; pixel < 64; pixel++) {
        expect(part.features.data[row * 64 + pixel]).toBe((table.columns[pixel]!.values[row] as number) / 16);
      }
    }
  });

  it("explains files that hold no numbers", async () => {
    await expect(loadDataset(sharedData("text/banking77-test.csv"), { labels: "category" })).rejects.toMatchObject({
      code: "COLUMN_TEXT",
    });
    const table = await readTable(sharedData("text/banking77-test.csv"));
    expect(table).toMatchObject({ kind: "columns", rows: 3080, named: true });
  });
});
