import { expect, it } from "vitest";
import { ndarray } from "../arrays/nd-array.js";
import { runFunction } from "../checks/run-function.js";
import { gradients } from "../ir/grad.js";
import type { Tensor } from "../ir/tensor.js";
import { cast } from "./cast.js";
import { mul } from "./mul.js";
import { sum } from "./sum.js";

// Finite differences do not resolve float32, so the derivative of a cast is checked by its value: 1, in the type of the input.
it("passes cotangents on between the float types, rounded once", async () => {
  const f = (x: Tensor, weights: Tensor) => gradients(sum(mul(cast(x, "float32"), weights)), [x]);
  const [g] = await runFunction(f, [ndarray("float64", [2], [0.1, 2]), ndarray("float32", [2], [0.1, 3])]);
  expect(g).toEqual(ndarray("float64", [2], [Math.fround(0.1), 3]));
});

it("passes second-order cotangents on", async () => {
  const f = (x: Tensor) => {
    const y = cast(x, "float32");
    const [first] = gradients(sum(mul(mul(y, y), y)), [x]);
    return gradients(sum(first!), [x]);
  };
  const [g] = await runFunction(f, [ndarray("float64", [2], [1.5, -2])]);
  expect(g).toEqual(ndarray("float64", [2], [9, -12]));
});

it("passes nothing through whole numbers and truth values", async () => {
  const f = (x: Tensor) =>
    (["int32", "bool"] as const).map((to) => gradients(sum(cast(cast(x, to), "float64")), [x])[0]!);
  for (const g of await runFunction(f, [ndarray("float64", [2], [1.5, -2])]))
    expect(Array.from(g.data)).toEqual([0, 0]);
});
