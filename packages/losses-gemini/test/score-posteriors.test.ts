import { scorePosteriors } from "@semblance/core";
import { expect, it } from "vitest";
import { fixedVector } from "./fixed-vector.js";
import { catalogue } from "./score.js";

const array = (rows: readonly (readonly number[])[]) => ({ shape: [rows.length, rows[0]!.length], data: rows.flat() });
const posteriors = array(fixedVector.posteriors);

it("scores posteriors of any source in the literature's sign, with the inputs that the objective needs", async () => {
  const { score, loss } = await scorePosteriors({ catalogue, loss: "gemini/kl-ova", posteriors });
  expect(score).toBeCloseTo(0.206031856102, 11);
  expect(loss).toBe(-score);
  const mmd = { name: "gemini/mmd-ova", kernel: { name: "rbf", gamma: 0.5 } };
  const inputs = { data: array(fixedVector.data) };
  expect((await scorePosteriors({ catalogue, loss: mmd, posteriors, inputs })).score).toBeCloseTo(0.30195682339, 10);
});

it.each([
  [
    "a row that does not sum to 1",
    [
      [0.5, 0.5],
      [0.7, 0.2],
    ],
    "row 1 sums to 0.8999999999999999",
  ],
  [
    "a negative entry",
    [
      [0.5, 0.5],
      [1.2, -0.2],
    ],
    "row 1, column 0 is 1.2",
  ],
  ["no number", [[Number.NaN, 1]], "row 0, column 0 is NaN"],
  ["no rows", [[]], "the posteriors are [1, 0] with 0 numbers"],
])("refuses %s", async (_, rows, message) => {
  const scored = scorePosteriors({ catalogue, loss: "gemini/kl-ova", posteriors: array(rows) });
  await expect(scored).rejects.toMatchObject({ code: "POSTERIORS_INVALID", message });
});
