import { ortBackend } from "@semblance/backend-ort";
import { type Backend, createCatalogue, evaluateDivergence, Key, ndarray } from "@semblance/core";
import { nearestRows } from "@semblance/eval";
import { bregmanPlugin } from "@semblance/losses-bregman";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const catalogue = createCatalogue([bregmanPlugin]);
const [QUERIES, GALLERY, WIDTH, K] = [37, 211, 5, 9];

let backend: Backend;
beforeAll(async () => {
  backend = await ortBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

const between0and1 = (rows: number, seed: number) =>
  ndarray("float32", [rows, WIDTH], Key.fromSeed(seed).uniform(rows * WIDTH, 0.05, 0.95));
const [queries, gallery] = [between0and1(QUERIES, 1), between0and1(GALLERY, 2)];
const factor = ndarray("float64", [3, WIDTH], Key.fromSeed(3).normal(3 * WIDTH));

describe.each([
  "squared-euclidean",
  "euclidean",
  "cosine",
  "negative-dot",
  "generalised-kl",
  "itakura-saito",
  "logistic",
  "exponential",
  "max-affine",
  "log-sum-exp",
  "soft-affine",
  { name: "mahalanobis", factor: { shape: factor.shape, data: Array.from(factor.data) } },
])("%s on ort", (divergence) => {
  it.each(["anchor-first", "anchor-second"] as const)(
    "%s: is the start of a sort of its whole matrix",
    async (order) => {
      const turned = order === "anchor-second";
      const [first, second] = turned ? [gallery, queries] : [queries, gallery];
      const inputs = Object.fromEntries(
        Object.entries({ first, second }).map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]),
      );
      const { matrix } = await evaluateDivergence({ catalogue, backend, divergence, inputs });
      const of = (q: number, row: number) => matrix.data[turned ? row * QUERIES + q : q * GALLERY + row]!;
      // Enough for chunks of some ten rows.
      const memoryLimit = 60_000;
      const found = await nearestRows({ backend, catalogue, divergence, queries, gallery, k: K, order, memoryLimit });
      for (let q = 0; q < QUERIES; q++) {
        const sorted = Array.from({ length: GALLERY }, (_, row) => of(q, row)).sort((a, b) => a - b);
        const rows = found.indices.data.subarray(q * K, q * K + K);
        expect(new Set(rows).size).toBe(K);
        for (const [rank, row] of rows.entries()) {
          const scale = Math.max(1, Math.abs(sorted[rank]!));
          // Chunks of another size may sum in another order: rows within float32 of each other may change places.
          expect(Math.abs(of(q, row) - sorted[rank]!)).toBeLessThan(2e-5 * scale);
          expect(Math.abs(found.distances.data[q * K + rank]! - of(q, row))).toBeLessThan(2e-5 * scale);
        }
      }
    },
  );
});

it("ranks far from the origin as float64 does, duplicates and near ties included, though ort computes in float32", async () => {
  // ‖x‖² is 1e6 and distances are 1e-6 of that and less: a product of float32 by itself orders them by chance.
  const rows = 400;
  const width = 64;
  const noise = Key.fromSeed(4).normal(rows * width);
  const data = Float64Array.from(noise, (value, at) => 125 + 0.05 * value + (Math.floor(at / width) % 7 === 0 ? 1 : 0));
  // Ten copies of one row, and rows that differ from it in the ninth digit.
  for (let copy = 0; copy < 20; copy++) {
    data.copyWithin((100 + copy) * width, 50 * width, 51 * width);
    if (copy >= 10) data[(100 + copy) * width]! += 1e-9 * (30 - copy);
  }
  const all = ndarray("float64", [rows, width], data);
  const { indices, distances } = await nearestRows({
    backend,
    catalogue,
    divergence: "squared-euclidean",
    queries: all,
    k: 25,
  });
  for (let q = 0; q < rows; q++) {
    const exact = Array.from({ length: rows }, (_, row) => {
      let value = 0;
      for (let d = 0; d < width; d++) value += (data[q * width + d]! - data[row * width + d]!) ** 2;
      return { row, value };
    })
      .filter(({ row }) => row !== q)
      .sort((a, b) => a.value - b.value || a.row - b.row)
      .slice(0, 25);
    expect([...indices.data.subarray(25 * q, 25 * q + 25)]).toEqual(exact.map(({ row }) => row));
    expect(distances.data[25 * q + 24]).toBeCloseTo(exact[24]!.value, 12);
  }
});
