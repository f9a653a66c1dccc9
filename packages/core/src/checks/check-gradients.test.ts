import { describe, expect, it } from "vitest";
import { type NdArray, ndarray } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import { abs } from "../ops/abs.js";
import { add } from "../ops/add.js";
import { exp } from "../ops/exp.js";
import { gather } from "../ops/gather.js";
import { log } from "../ops/log.js";
import { mul } from "../ops/mul.js";
import { stopGradient } from "../ops/stop-gradient.js";
import { sum } from "../ops/sum.js";
import { Key } from "../random/key.js";
import { checkGradients } from "./check-gradients.js";

const f64 = (...elements: number[]) => ndarray("float64", [elements.length], elements);

describe("checkGradients", () => {
  it("passes what is right, of one and of several results", async () => {
    await checkGradients((x, y) => [mul(exp(x), y), sum(mul(x, y))], [f64(0.1, -0.5), f64(2, 3)]);
  });

  it("says which derivative of which input and element is wrong, with both numbers", async () => {
    const wrong = (x: Tensor, y: Tensor) => add(mul(x, 2), mul(stopGradient(y), y));
    await expect(checkGradients(wrong, [f64(1, 2), f64(3, 4)], { name: "wrong" })).rejects.toMatchObject({
      name: "GraphError",
      code: "GRADIENT_WRONG",
      where: "wrong, input 1, element 0 of [2]",
      message: expect.stringMatching(
        /^first derivative of wrong by element 0 of input 1: got -?[\d.]+, expected -?[\d.]+, off by [\d.]+e/,
      ),
      fix: expect.stringContaining("vjp"),
    });
  });

  it("gives the derivative itself, whatever the size of the element", async () => {
    // The weight of the projection is the same on both sides: their ratio is that of e¹⁰ to e¹⁰ + 1.
    const wrong = (x: Tensor) => add(exp(x), stopGradient(x));
    const error = await checkGradients(wrong, [f64(10)], { order: 1 }).then(
      () => undefined,
      (caught: Error) => caught.message,
    );
    const [got, expected] = error!.match(/-?\d+\.\d+/g)!.map(Number);
    expect(expected! / got!).toBeCloseTo(1 + Math.exp(-10), 8);
    expect(Math.abs(got!)).toBeGreaterThan(0.5 * Math.exp(10));
    expect(Math.abs(got!)).toBeLessThan(1.5 * Math.exp(10));
  });

  it("looks at the inputs asked for", async () => {
    const wrong = (x: Tensor, y: Tensor) => mul(x, stopGradient(y));
    await checkGradients(wrong, [f64(1, 2), f64(3, 4)], { wrt: [0], order: 1 });
    await expect(checkGradients(wrong, [f64(1, 2), f64(3, 4)], { wrt: [1], order: 1 })).rejects.toMatchObject({
      code: "GRADIENT_WRONG",
    });
  });

  it("finds one wrong element among many, and names it", async () => {
    const many: NdArray = f64(...Key.fromSeed(1).normal(200));
    const mask = ndarray(
      "float64",
      [200],
      Array.from({ length: 200 }, (_, at) => (at === 137 ? 1 : 0)),
    );
    // One per mille of one element of two hundred.
    const wrong = (x: Tensor, weight: Tensor) => add(exp(x), mul(stopGradient(mul(x, 1e-3)), weight));
    await expect(checkGradients(wrong, [many, mask], { wrt: [0], order: 1 })).rejects.toMatchObject({
      where: expect.stringContaining("element 137 of [200]"),
    });
  });

  it("passes whole numbers on and differentiates only floats", async () => {
    const f = (x: Tensor, at: Tensor) => mul(gather(x, at), 3);
    await checkGradients(f, [f64(1, 2, 3), ndarray("int32", [2], [2, 2])]);
  });

  it("computes in float64 what is given in float32", async () => {
    await checkGradients(exp, [ndarray("float32", [2], [0.5, 1])]);
  });

  it("reports a kink, and what is no number, instead of passing them", async () => {
    await expect(checkGradients(abs, [f64(1, 3e-6)])).rejects.toMatchObject({ code: "GRADIENT_WRONG" });
    await expect(checkGradients(log, [f64(-1)])).rejects.toMatchObject({ code: "GRADIENT_NOT_FINITE" });
  });

  it("has nothing to say about inputs without elements", async () => {
    await checkGradients((x) => exp(x), [f64()]);
  });
});
