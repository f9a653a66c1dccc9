import { describe, expect, it } from "vitest";
import { fixedVector } from "../test/fixed-vector.js";
import { score, shares } from "../test/score.js";

const LOSS = "gemini/kl-ovo";
const oneHot = [0, 1, 2, 3, 0, 1, 2, 3, 3, 1].map((own) => [0, 1, 2, 3].map((k) => (k === own ? 1 : 0)));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("klOvo", () => {
  it("has no bound where a cluster that is used has a posterior of 0", async () => {
    expect((await score(LOSS, { posteriors: oneHot })).value).toBe(Infinity);
  });

  it("is bounded by a floor: of one-hot rows it is the Gini index of the shares, times log 1/ε", async () => {
    const floor = 1e-12;
    const pi = shares(oneHot);
    const closed = (1 - sum(pi.map((share) => share ** 2))) * Math.log(1 / floor);
    for (const dtype of ["float64", "float32"] as const) {
      const { value } = await score({ name: LOSS, floor }, { posteriors: oneHot }, dtype);
      expect(value / closed).toBeCloseTo(1, dtype === "float64" ? 9 : 5);
    }
  });

  it("is what it was where no posterior lies below the floor, and has no gradient where one does", async () => {
    expect(await score({ name: LOSS, floor: 0.01 }, fixedVector)).toEqual(await score(LOSS, fixedVector));
    const posteriors = [
      [0.999, 0.001],
      [0.4, 0.6],
    ];
    const { gradient } = await score({ name: LOSS, floor: 0.01 }, { posteriors });
    expect(Math.abs(gradient[0]![1]!)).toBe(0);
    expect(gradient[1]![1]).not.toBe(0);
  });

  it("leaves empty clusters empty under a floor", async () => {
    const floored = { name: LOSS, floor: 1e-12 };
    const { value } = await score(floored, fixedVector);
    const wider = fixedVector.posteriors.map((row) => [...row, 0]);
    const { value: same } = await score(floored, { ...fixedVector, posteriors: wider });
    expect(Math.abs(same - value)).toBeLessThan(1e-11);
  });
});
