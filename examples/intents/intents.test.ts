import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Key } from "@semblance/core";
import { loadDataset } from "@semblance/data";
import { MetricLearning, type MetricLearningOptions } from "@semblance/estimators";
import { afterAll, describe, expect, it } from "vitest";
import { hashText } from "./hash-text.js";
import { drawPairs, writeVectors } from "./write-vectors.js";

const folder = mkdtempSync(join(tmpdir(), "semblance-intents-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cosine = (a: string, b: string) => {
  const [x, y] = [hashText(a), hashText(b)];
  return x.reduce((sum, value, at) => sum + value * y[at]!, 0);
};

describe("hashed texts", () => {
  it("are of unit length, do not look at case or punctuation, and are near where they share words", () => {
    expect(cosine("Where is my card?", "where is my CARD")).toBeCloseTo(1, 6);
    expect(cosine("where is my card", "my card has not arrived")).toBeGreaterThan(
      cosine("where is my card", "change the exchange rate") + 0.1,
    );
    expect([...hashText("")]).toEqual(new Array(1024).fill(0));
  });

  it("become files that semblance tune takes, with pairs drawn of half the same and half of two intents", async () => {
    const file = join(folder, "texts.csv");
    const texts = Array.from({ length: 12 }, (_, row) => `word${row % 3} number ${row},intent ${row % 3}`);
    writeFileSync(file, `text,category\n${texts.join("\n")}\n`);
    const intents = await writeVectors({ files: [file], text: "text", intent: "category", folder, width: 64 });
    expect(intents).toHaveLength(12);
    const pairs = join(folder, "pairs.csv");
    writeFileSync(pairs, drawPairs(intents, Int32Array.from(intents.keys()), 8, Key.fromSeed(1)));
    const { splits } = await loadDataset(join(folder, "vectors.npy"), { labels: join(folder, "labels.txt"), pairs });
    expect(splits.train.features.shape).toEqual([12, 64]);
    expect(splits.train.labels!.names).toEqual(["intent 0", "intent 1", "intent 2"]);
    expect(readFileSync(pairs, "utf8").trim().split("\n")).toHaveLength(9);
  });
});

const shared = process.env.SEMBLANCE_SHARED ?? "../shared";
const banking = join(shared, "data/text/banking77-test.csv");

describe.skipIf(!existsSync(banking))(`Banking77 (skipped without ${banking})`, () => {
  it("tuned on 60 intents, texts of the other 17 find each other better", async () => {
    const intents = await writeVectors({ files: [banking], text: "text", intent: "category", folder, width: 256 });
    const { splits } = await loadDataset(join(folder, "vectors.npy"), {
      labels: join(folder, "labels.txt"),
      holdOut: { by: "class", fraction: 0.2208 },
    });
    expect(new Set(intents).size).toBe(77);
    const { train, test } = splits;
    expect([train.labels!.names.length, test!.labels!.names.length]).toEqual([60, 17]);
    const scoreOf = async (options: MetricLearningOptions) => {
      await using metric = await new MetricLearning(options).fit(train);
      const { indices } = await metric.neighbours(test!, { k: 40 });
      const { indices: labels } = test!.labels!;
      return indices.data.filter((row, at) => labels[row] === labels[Math.floor(at / 40)]).length / indices.data.length;
    };
    // A step too small to move anything leaves the vectors as they are.
    const before = await scoreOf({ model: "residual", epochs: 1, learningRate: 1e-12 });
    const after = await scoreOf({ epochs: 5 });
    expect(after).toBeGreaterThan(before + 0.03);
  });
});
