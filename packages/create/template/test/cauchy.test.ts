import { ndarray } from "@semblance/core";
import { describeKernel, runFunction } from "@semblance/core/testing";
import { expect, it } from "vitest";
import { cauchy } from "../src/index.js";

describeKernel(cauchy);

it("halves where γ‖x − y‖² is 1", async () => {
  const [x, y] = [ndarray("float64", [1, 2], [0, 0]), ndarray("float64", [2, 2], [0, 2, 3, 4])];
  const [matrix] = await runFunction((a, b) => cauchy.matrix!(a!, b!, { gamma: 0.25 }), [x, y]);
  expect(Array.from(matrix!.data)).toEqual([1 / 2, 1 / (1 + 0.25 * 25)]);
});
