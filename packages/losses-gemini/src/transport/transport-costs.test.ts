import { constant, gradients, Key, type NdArray, ndarray, square, sum, type Tensor } from "@semblance/core";
import { checkGradients, runFunction } from "@semblance/core/checks";
import { describe, expect, it } from "vitest";
import { fixedVector } from "../../test/fixed-vector.js";
import { type TransportPairs, transportCosts } from "./transport-costs.js";

const matrix = (rows: readonly (readonly number[])[]) =>
  ndarray("float64", [rows.length, rows[0]!.length], rows.flat());
const posteriors = matrix(fixedVector.posteriors);
const distances = matrix(fixedVector.data.map(([x, y]) => fixedVector.data.map(([u, v]) => Math.hypot(x - u, y - v))));
const shares = [0, 1, 2].map((k) => fixedVector.posteriors.reduce((total, row) => total + row[k]! / 6, 0));

const costs = async (weights: NdArray, cost: NdArray, pairs: TransportPairs) =>
  (await runFunction((a, c) => transportCosts(a, c, pairs), [weights, cost]))[0]!;

describe("transportCosts", () => {
  it("gives the Wasserstein GEMINIs of the specification's vector", async () => {
    const all = await costs(posteriors, distances, "one-versus-all");
    expect(all.shape).toEqual([3]);
    const ova = shares.reduce((total, share, k) => total + share * all.data[k]!, 0);
    expect(ova).toBeCloseTo(0.90226767433, 11);
    const one = await costs(posteriors, distances, "one-versus-one");
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const;
    const ovo = pairs.reduce((total, [a, b], m) => total + 2 * shares[a]! * shares[b]! * one.data[m]!, 0);
    expect(ovo).toBeCloseTo(1.008487405854, 11);
  });

  it("takes pairs from a list and from a tensor", async () => {
    const list = await costs(posteriors, distances, [
      [2, -1],
      [0, 2],
    ]);
    const [fed] = await runFunction(
      (a, c, pairs) => transportCosts(a, c, pairs as Tensor),
      [posteriors, distances, ndarray("int32", [2, 2], [2, -1, 0, 2])],
    );
    expect(Array.from(fed!.data)).toEqual(Array.from(list.data));
    expect(list.data[0]).toBe((await costs(posteriors, distances, "one-versus-all")).data[2]);
    expect(list.data[1]).toBe((await costs(posteriors, distances, "one-versus-one")).data[1]);
  });

  it.each(["one-versus-all", "one-versus-one"] as const)("has the slope of %s by weights and costs", async (pairs) => {
    // Round numbers tie, and a tie is a kink: these are drawn.
    const weights = ndarray("float64", [6, 3], Key.fromSeed(3).uniform(18));
    const cost = ndarray("float64", [6, 6], Key.fromSeed(4).uniform(36));
    await checkGradients((a, c) => transportCosts(a, c, pairs), [weights, cost], { order: 1 });
    await checkGradients((a) => transportCosts(a, constant(distances), pairs), [weights]);
  });

  it("costs nothing where a column is empty, and passes it no gradient", async () => {
    const padded = matrix(fixedVector.posteriors.map((row) => [row[0], 0, row[1], row[2]]));
    const all = await costs(padded, distances, "one-versus-all");
    const without = await costs(posteriors, distances, "one-versus-all");
    expect(Array.from(all.data)).toEqual([without.data[0], 0, without.data[1], without.data[2]]);
    const [slope] = await runFunction(
      (a, c) => gradients(sum(square(transportCosts(a, c, "one-versus-one"))), [a]),
      [padded, distances],
    );
    expect(Array.from(slope!.data).filter((_, at) => at % 4 === 1)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
