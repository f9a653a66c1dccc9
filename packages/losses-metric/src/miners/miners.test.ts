import { createCatalogue, evaluateMiner, Key, type MiningBatch, referenceBackend } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { divergencesPlugin } from "../../test/divergences.js";
import { metricPlugin } from "../metric-plugin.js";

const catalogue = createCatalogue([metricPlugin, divergencesPlugin]);
const LABELS = [0, 1, 0, 2, 1, 0, 2, 7, 1, 0];
const ROWS = LABELS.length;
const MINERS = [
  "all",
  "batch-hard",
  "semi-hard",
  "margin-filtered",
  "multi-similarity",
  "pair-margin",
  "distance-weighted",
];

function batchOf(seed: number): MiningBatch {
  const key = Key.fromSeed(seed);
  const divergences = key.fold("d").uniform(ROWS * ROWS, 0, 1.5);
  return { rows: ROWS, width: 3, labels: LABELS, divergences, noise: key.fold("noise").uniform(ROWS * ROWS) };
}

function chosen(name: string, batch: MiningBatch, keys: Readonly<Record<string, unknown>> = {}): string[] {
  const { entry, config } = catalogue.choose("miner", { name, ...keys });
  const tuples: string[] = [];
  const keep = (...tuple: number[]) => void tuples.push(tuple.join());
  if (entry.triplets) entry.triplets(batch, config, keep);
  else entry.pairs!(batch, config, keep);
  return tuples.sort();
}

describe.each(MINERS)("%s", (name) => {
  it("chooses the same by relations that say what labels say", () => {
    const batch = batchOf(3);
    const relations = Float32Array.from({ length: ROWS * ROWS }, (_, at) => {
      const [i, j] = [Math.floor(at / ROWS), at % ROWS];
      return i === j ? 0 : LABELS[i] === LABELS[j] ? 1 : -1;
    });
    const byRelations = chosen(name, { ...batch, labels: LABELS.map((_, i) => i), relations });
    expect(byRelations).toEqual(chosen(name, batch));
    expect(byRelations.length).toBeGreaterThan(0);
  });

  it("takes nothing of what is unknown", () => {
    const labels = LABELS.map((_, i) => i);
    expect(chosen(name, { ...batchOf(3), labels, relations: new Float32Array(ROWS * ROWS) })).toEqual([]);
  });

  it("moves with the order of the rows", () => {
    const batch = batchOf(5);
    const order = Key.fromSeed(9).permutation(ROWS);
    const moved = (matrix: ArrayLike<number>) =>
      Float64Array.from(
        { length: ROWS * ROWS },
        (_, at) => matrix[order[Math.floor(at / ROWS)]! * ROWS + order[at % ROWS]!]!,
      );
    const permuted = {
      ...batch,
      labels: Array.from(order, (row) => LABELS[row]!),
      divergences: moved(batch.divergences),
      noise: moved(batch.noise!),
    };
    const back = chosen(name, permuted).map((tuple) =>
      tuple
        .split(",")
        .map((row) => order[Number(row)])
        .join(),
    );
    expect(back.sort()).toEqual(chosen(name, batch));
  });
});

describe("margin-filtered", () => {
  it("splits all triplets into those within the margin and those beyond, and the former into hard and semi-hard", () => {
    const batch = batchOf(11);
    const of = (type: string) => chosen("margin-filtered", batch, { type });
    expect([...of("all"), ...of("easy")].sort()).toEqual(chosen("all", batch));
    expect([...of("hard"), ...of("semi-hard")].sort()).toEqual(of("all"));
  });
});

describe("pair-margin", () => {
  it("is its definition in plain loops", () => {
    const batch = batchOf(13);
    const expected: string[] = [];
    for (let a = 0; a < ROWS; a++) {
      for (let b = 0; b < ROWS; b++) {
        const d = batch.divergences[a * ROWS + b]!;
        if (a !== b && (LABELS[a] === LABELS[b] ? d > 0.3 : d < 0.7)) expected.push(`${a},${b}`);
      }
    }
    expect(chosen("pair-margin", batch, { positiveMargin: 0.3, negativeMargin: 0.7 })).toEqual(expected.sort());
  });

  it("compares unit vectors unless it is told otherwise", async () => {
    const options = { catalogue, backend: referenceBackend(), embeddings: { shape: [2, 2], data: [9, 0, 3, 0] } };
    const labels = { shape: [2], data: [0, 1] };
    const near = await evaluateMiner({ ...options, labels, miner: "pair-margin" });
    expect(near.pairs!.data).toEqual([0, 1, 1, 0]);
    const far = await evaluateMiner({ ...options, labels, miner: { name: "pair-margin", normalise: false } });
    expect(far.pairs!.data).toEqual([]);
  });
});
