import { Key, type MiningBatch } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { distanceWeighted, drawTriplets, logWeight } from "./distance-weighted.js";

const WEIGHTING = { cutoff: 0.5, nonzeroLossCutoff: 1.4 };
const [ROWS, WIDTH, CLASSES] = [24, 512, 6];

/** Unit rows around one centre for each class, so that distances range from 0.3 to 1.4; everything in float32. */
function drawBatch(): MiningBatch {
  const key = Key.fromSeed(7);
  const shared = key.fold("shared").normal(WIDTH);
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const spread = 0.3 + (1.7 * i) / ROWS;
    const own = key.fold(i).normal(WIDTH);
    const raw = own.map((value, at) => shared[at]! + spread * value);
    const length = Math.hypot(...raw);
    return Float32Array.from(raw, (value) => value / length);
  });
  const divergences = new Float32Array(ROWS * ROWS);
  for (const [i, x] of rows.entries()) {
    for (const [j, y] of rows.entries()) {
      let squared = 0;
      for (let at = 0; at < WIDTH; at++) squared = Math.fround(squared + Math.fround(x[at]! - y[at]!) ** 2);
      divergences[i * ROWS + j] = Math.sqrt(squared);
    }
  }
  return { rows: ROWS, width: WIDTH, labels: rows.map((_, i) => i % CLASSES), divergences };
}

/** The probabilities of an anchor in plain loops, the ratio of two weights taken as one exponential so that nothing overflows. */
function probabilitiesByLoops({ divergences, labels }: MiningBatch, anchor: number): number[] {
  const log = (k: number) => {
    const d = Math.max(divergences[anchor * ROWS + k]!, 0.5);
    return -((WIDTH - 2) * Math.log(d) + ((WIDTH - 3) / 2) * Math.log(Math.max(1e-8, 1 - 0.25 * d ** 2)));
  };
  const possible = (k: number) => labels[k] !== labels[anchor] && divergences[anchor * ROWS + k]! < 1.4;
  return Array.from({ length: ROWS }, (_, k) => {
    if (!possible(k)) return 0;
    let rest = 0;
    for (let other = 0; other < ROWS; other++) if (possible(other)) rest += Math.exp(log(other) - log(k));
    return 1 / rest;
  });
}

describe("distanceWeighted", () => {
  it("draws as its probabilities say, within three standard deviations, at 512 dimensions in float32", () => {
    const batch = drawBatch();
    const rounds = 1000;
    const counts = new Float64Array(ROWS * ROWS);
    const totals = new Float64Array(ROWS);
    const key = Key.fromSeed(8);
    for (let round = 0; round < rounds; round++) {
      const noise = key.fold(round).uniform(ROWS * ROWS);
      drawTriplets({ ...batch, noise }, WEIGHTING, (anchor, _, negative) => {
        counts[anchor * ROWS + negative]!++;
        totals[anchor]!++;
      });
    }
    let [beyond, judged] = [0, 0];
    for (let anchor = 0; anchor < ROWS; anchor++) {
      expect(totals[anchor]).toBe(rounds * (ROWS / CLASSES - 1));
      const expected = probabilitiesByLoops(batch, anchor);
      for (const [row, p] of expected.entries()) {
        const drawn = counts[anchor * ROWS + row]!;
        if (p === 0) expect(drawn).toBe(0);
        const deviation = Math.sqrt(totals[anchor]! * p * (1 - p));
        // Of rarer rows the counts are not normally distributed.
        if (totals[anchor]! * p < 10 || totals[anchor]! * (1 - p) < 10) continue;
        judged++;
        if (Math.abs(drawn - totals[anchor]! * p) > 3 * deviation) beyond++;
      }
    }
    // Of so many counts 0.27 % lie beyond three deviations by chance.
    expect(judged).toBeGreaterThan(20);
    expect(beyond).toBeLessThanOrEqual(Math.ceil(0.0027 * judged) + 1);
  });

  it("keeps every anchor at 512 dimensions, where log-weights span hundreds", () => {
    const batch = drawBatch();
    const logs = Array.from(batch.divergences, (d) => logWeight(d, WIDTH, WEIGHTING));
    expect(Math.max(...logs) - Math.min(...logs)).toBeGreaterThan(300);
    const matrix = distanceWeighted.probabilities!(batch, WEIGHTING);
    for (let anchor = 0; anchor < ROWS; anchor++) {
      const row = matrix.subarray(anchor * ROWS, (anchor + 1) * ROWS);
      const expected = probabilitiesByLoops(batch, anchor);
      for (const [at, p] of row.entries()) expect(p).toBeCloseTo(expected[at]!, 10);
    }
  });

  it("is the log-weight of the definition", () => {
    const logs = (width: number) => [0.5, 0.8, 1, 1.2, 1.3, 1.39].map((d) => logWeight(d, width, WEIGHTING));
    const close = (got: number[], expected: number[]) =>
      got.forEach((w, at) => expect(w).toBeCloseTo(expected[at]!, 4));
    close(logs(64), [44.9436, 19.1527, 8.7743, 2.3078, 0.4793, -0.2941]);
    close(logs(128), [91.3702, 39.0132, 17.9801, 4.9204, 1.2575, -0.2572]);
    close(logs(512), [369.9301, 158.1761, 73.2151, 20.5961, 5.9266, -0.0358]);
  });

  it("says how many draws were made from all", () => {
    const far = Array.from({ length: 9 }, () => 1.9);
    const said: number[] = [];
    const batch = {
      rows: 3,
      width: 4,
      labels: [0, 0, 1],
      divergences: far,
      fallback: (draws: number) => said.push(draws),
    };
    drawTriplets(batch, WEIGHTING, () => {});
    expect(said).toEqual([2]);
  });
});
