import { ConfigError, Key } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/expect-error.js";
import { cholesky } from "./cholesky.js";
import { type GaussianMixture, gaussianMixture } from "./gaussian-mixture.js";

const key = Key.fromSeed(11);

describe("gaussianMixture", () => {
  it("has the means, covariances and proportions that were asked for", () => {
    const covariance = [
      [4, 1.5],
      [1.5, 1],
    ];
    const rows = 20_000;
    const means = [
      [0, 0],
      [10, -10],
    ];
    const { features, labels } = gaussianMixture({
      key,
      rows,
      means,
      covariances: [covariance, covariance],
      proportions: [0.25, 0.75],
    });
    const members = Array.from({ length: rows }, (_, row) => row).filter((row) => labels!.indices[row] === 1);
    // Three standard errors: sqrt(0.25 · 0.75 / 20,000) = 0.003; 2 / sqrt(15,000) = 0.016; about 4 sqrt(2 / 15,000) = 0.05.
    expect(Math.abs(members.length / rows - 0.75)).toBeLessThan(0.01);
    const centre = [0, 1].map(
      (axis) => members.reduce((sum, row) => sum + features.data[row * 2 + axis]!, 0) / members.length,
    );
    expect(Math.abs(centre[0]! - 10)).toBeLessThan(0.05);
    expect(Math.abs(centre[1]! + 10)).toBeLessThan(0.03);
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const moment = members.reduce(
        (sum, row) => sum + (features.data[row * 2 + i]! - centre[i]!) * (features.data[row * 2 + j]! - centre[j]!),
        0,
      );
      expect(Math.abs(moment / members.length - covariance[i]![j]!)).toBeLessThan(0.15);
    }
  });

  it("is the same for the same key, and another for another", () => {
    const draw = (seed: number) =>
      gaussianMixture({ key: Key.fromSeed(seed), rows: 5, means: [[0], [9]], standardDeviation: [1, 2] });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1).features.data).not.toEqual(draw(2).features.data);
  });

  it("draws no row of a component without a share, and the centre without a spread", () => {
    const { features, labels } = gaussianMixture({
      key,
      rows: 50,
      means: [
        [1, 2],
        [3, 4],
      ],
      standardDeviation: 0,
      proportions: [0, 1],
    });
    expect(new Set(labels!.indices)).toEqual(new Set([1]));
    expect(new Set(features.data)).toEqual(new Set([3, 4]));
  });

  const good: GaussianMixture = {
    key,
    rows: 5,
    means: [
      [0, 0],
      [1, 1],
    ],
    standardDeviation: 1,
  };
  const { standardDeviation: _, ...bare } = good;
  const identity = [
    [1, 0],
    [0, 1],
  ];
  it.each<[string, GaussianMixture]>([
    ["no rows", { ...good, rows: 0 }],
    ["half a row", { ...good, rows: 1.5 }],
    ["no means", { ...good, means: [] }],
    ["means of no numbers", { ...good, means: [[]] }],
    ["ragged means", { ...good, means: [[1], [1, 2]] }],
    ["infinite means", { ...good, means: [[Number.POSITIVE_INFINITY, 0]] }],
    ["means beyond float32", { ...good, means: [[1e300, 0]] }],
    ["a negative spread", { ...good, standardDeviation: -1 }],
    ["too few spreads", { ...good, standardDeviation: [1] }],
    ["no spread", bare],
    ["two kinds of spread", { ...good, covariances: [identity, identity] }],
    ["too few covariances", { ...bare, covariances: [identity] }],
    ["a covariance of another size", { ...bare, covariances: [identity, [[1]]] }],
    [
      "an asymmetric covariance",
      {
        ...bare,
        covariances: [
          identity,
          [
            [1, 0.5],
            [0, 1],
          ],
        ],
      },
    ],
    [
      "an indefinite covariance",
      {
        ...bare,
        covariances: [
          identity,
          [
            [1, 2],
            [2, 1],
          ],
        ],
      },
    ],
    ["shares that do not add up", { ...good, proportions: [0.5, 0.4] }],
    ["a negative share", { ...good, proportions: [1.5, -0.5] }],
    ["too few shares", { ...good, proportions: [1] }],
  ])("refuses %s", async (_name, mixture) => {
    const error = await errorOf(() => gaussianMixture(mixture));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.code).toBe("MIXTURE_INVALID");
  });
});

describe("cholesky", () => {
  it("gives back the matrix", () => {
    const a = [
      [4, 2, -1],
      [2, 10, 3],
      [-1, 3, 6],
    ];
    const lower = cholesky(a)!;
    a.forEach((row, i) => {
      row.forEach((value, j) => {
        expect(lower[i]!.reduce((sum, entry, k) => sum + entry * lower[j]![k]!, 0)).toBeCloseTo(value, 12);
      });
    });
  });
});
