import { expect, it } from "vitest";
import { z } from "zod";
import { checkGradients } from "../../checks/check-gradients.js";
import { runFunction } from "../../checks/run-function.js";
import { ndarray, softmax, type Tensor } from "../../index.js";
import { entropy } from "./entropy.js";

const active = entropy.create({} as never, z.strictObject({}).parse({}));
const term = (posteriors: Tensor) => active.term!({ posteriors } as never);
const valueOf = async (rows: number[][]) => {
  const [value] = await runFunction(term, [ndarray("float64", [rows.length, rows[0]!.length], rows.flat())]);
  return value!.data[0]!;
};

it("is −log K for clusters of one size, 0 for one cluster, and Σ π log π between", async () => {
  expect(
    await valueOf([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
  ).toBeCloseTo(-Math.log(3), 14);
  expect(
    await valueOf([
      [1, 0],
      [1, 0],
    ]),
  ).toBeCloseTo(0, 14);
  const shares = [0.5, 0.2, 0.3];
  const plain = shares.reduce((sum, share) => sum + share * Math.log(share), 0);
  expect(
    await valueOf([
      [0.6, 0.1, 0.3],
      [0.4, 0.3, 0.3],
    ]),
  ).toBeCloseTo(plain, 14);
});

it("has the gradient of differences, by logits, and stays finite beside an empty cluster", async () => {
  const logits = ndarray("float64", [3, 3], [0.1, 1, -0.4, 0.8, -1, 0.2, 0, 0.3, 0.9]);
  await checkGradients((z) => term(softmax(z!)), [logits], { name: "entropy" });
  expect(
    Number.isFinite(
      await valueOf([
        [0.5, 0.5, 0],
        [0.2, 0.8, 0],
      ]),
    ),
  ).toBe(true);
});
