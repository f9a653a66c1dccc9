import { describe, expect, it } from "vitest";
import { type NdArray, ndarray } from "../src/arrays/nd-array.js";
import { runFunction } from "../src/checks/run-function.js";
import { batchNormalisation } from "../src/functions/batch-normalisation.js";
import { euclideanNorm } from "../src/functions/euclidean-norm.js";
import { logSumExp } from "../src/functions/log-sum-exp.js";
import { log1p } from "../src/functions/log1p.js";
import { normalise } from "../src/functions/normalise.js";
import { pairwiseDistances, pairwiseSquaredDistances } from "../src/functions/pairwise.js";
import { rootOrZero } from "../src/functions/root-or-zero.js";
import { softmax } from "../src/functions/softmax.js";
import { softplus } from "../src/functions/softplus.js";
import { xLogY } from "../src/functions/x-log-y.js";
import { grad, gradients } from "../src/ir/grad.js";
import { spec, trace } from "../src/ir/program.js";
import { type Tensor, topologicalOrder } from "../src/ir/tensor.js";
import { abs } from "../src/ops/abs.js";
import { input } from "../src/ops/input.js";
import { max } from "../src/ops/max.js";
import { maxPool } from "../src/ops/max-pool.js";
import { maximum } from "../src/ops/maximum.js";
import { mul } from "../src/ops/mul.js";
import { relu } from "../src/ops/relu.js";
import { sub } from "../src/ops/sub.js";
import { sum } from "../src/ops/sum.js";
import { Key } from "../src/random/key.js";
import { referenceBackend } from "../src/reference/reference-backend.js";

const f32 = (shape: readonly number[], values: ArrayLike<number>) => ndarray("float32", shape, values);
const f64 = (shape: readonly number[], values: ArrayLike<number>) => ndarray("float64", shape, values);
const elements = async (f: (...inputs: Tensor[]) => Tensor, ...inputs: NdArray[]) =>
  // Adding 0 makes −0 a 0: no fact here is about the sign of zero.
  Array.from((await runFunction(f, inputs))[0]!.data, (element) => element + 0);

/** Each step of a composite rounds to float32, 6e−8 of its value; five in a row stay below this. */
const FLOAT32_STEPS = 3e-7;

describe("accuracy in float32", () => {
  it("log1p keeps every digit of small arguments", async () => {
    const x = f32([9], [1e-30, 1e-8, -1e-8, 1e-4, -1e-4, 0.3, -0.5, 5, 1e20]);
    const got = await elements(log1p, x);
    got.forEach((value, at) => {
      const expected = Math.log1p(x.data[at]!);
      expect(Math.abs(value / expected - 1), `log1p(${x.data[at]})`).toBeLessThan(FLOAT32_STEPS);
    });
  });

  it("softplus keeps its tail and does not overflow", async () => {
    const x = f32([8], [-80, -20, -5, -0.1, 0, 3, 20, 1e30]);
    const got = await elements(softplus, x);
    got.forEach((value, at) => {
      const z = x.data[at]!;
      const expected = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      // The tail is e^−80: the exponential's argument is exact, so its error stays one rounding.
      expect(Math.abs(value / expected - 1), `softplus(${z})`).toBeLessThan(FLOAT32_STEPS);
    });
  });

  it("softplus and log1p have the derivatives of what they stand for", async () => {
    const x = f32([5], [-20, -1, 0, 1, 20]);
    const slopes = await elements(grad(softplus), x);
    slopes.forEach((slope, at) => expect(Math.abs(slope - 1 / (1 + Math.exp(-x.data[at]!)))).toBeLessThan(2e-7));
    expect(slopes[2]).toBe(0.5);
    expect(await elements(grad(log1p), f64([3], [0, 1, -0.5]))).toEqual([1, 0.5, 2]);
    expect(await elements(grad(grad(log1p)), f64([2], [0, 1]))).toEqual([-1, -0.25]);
  });

  it("softmax sums to 1 and forgets a common shift", async () => {
    const x = f32([2, 3], [1, 2, 3, 1001, 1002, 1003]);
    const got = await elements((t) => softmax(t), x);
    expect(Math.abs(got[0]! + got[1]! + got[2]! - 1)).toBeLessThan(2e-7);
    expect(got.slice(3)).toEqual(got.slice(0, 3));
  });
});

describe("infinities and 1e30", () => {
  const rows = f32([5, 2], [1e30, -1e30, -1e30, -1e30, -Infinity, 3, -Infinity, -Infinity, Infinity, 0]);

  it("pass through logSumExp", async () => {
    const got = await elements((x) => logSumExp(x, { axes: [1] }), rows);
    expect(got).toEqual([Math.fround(1e30), -Math.fround(1e30), 3, -Infinity, Infinity]);
  });

  it("pass through softmax where it is defined", async () => {
    const got = await elements((x) => softmax(x), rows);
    expect(got.slice(0, 6)).toEqual([1, 0, 0.5, 0.5, 0, 1]);
    // No element is larger than another and none is finite: there is no softmax, and NaN says so.
    expect(got.slice(6, 8)).toEqual([Number.NaN, Number.NaN]);
  });

  it("have a finite gradient of logSumExp next to them", async () => {
    const slope = (x: Tensor) => gradients(sum(logSumExp(x, { axes: [1] })), [x])[0]!;
    const got = await elements(slope, f32([3, 2], [1e30, -1e30, -1e30, -1e30, -Infinity, 3]));
    expect(got).toEqual([1, 0, 0.5, 0.5, 0, 1]);
  });
});

describe("derivatives at corners", () => {
  it.each([
    ["a norm at 0", (x: Tensor) => euclideanNorm(x), [0, 0], [0, 0]],
    ["a norm of equals subtracted", (x: Tensor) => euclideanNorm(sub(mul(x, 2), mul(x, 2))), [3, 4], [0, 0]],
    ["the root of 0 and below", rootOrZero, [0, -1, 4], [0, 0, 0.25]],
    ["relu at its corner", relu, [0, -0, 1, -1], [0, 0, 1, 0]],
    ["the absolute value at 0", abs, [0, 2, -2], [0, 1, -1]],
    ["the larger of equals, half each", (x: Tensor) => maximum(x, 1), [1, 2, 0], [0.5, 1, 0]],
    ["the largest of equals, in shares", (x: Tensor) => max(x), [2, 2, 1, 2], [1 / 3, 1 / 3, 0, 1 / 3]],
    ["x log y where x is 0", (x: Tensor) => xLogY(x, x), [0, 1], [0, 1]],
  ])("of %s", async (_, f, at, expected) => {
    expect(await elements(grad(f), f64([at.length], at))).toEqual(expected);
  });

  it("of a unit vector at 0", async () => {
    const f = (x: Tensor) => gradients(sum(mul(normalise(x), normalise(x))), [x])[0]!;
    expect(await elements(f, f64([2, 2], [0, 0, 3, 4]))).toEqual([0, 0, 0, 0].map((zero) => expect.closeTo(zero, 15)));
  });

  it("of a pooled maximum goes to the first of equals", async () => {
    expect(
      await elements(
        grad((x) => maxPool(x, { kernel: 2 })),
        f64([1, 1, 4], [3, 3, -1, -1]),
      ),
    ).toEqual([1, 0, 1, 0]);
  });
});

describe("pairwise distances", () => {
  // Rows of length 1e4 that differ by 1: float32 keeps 24 bits, so ‖x‖² = 3e8 is known to ±16.
  const key = Key.fromSeed(4);
  const base = key.normal(3).map((value) => 1e4 * value);
  const x = f32([3, 3], [...base, ...base, ...base.map((value) => value + 1)]);

  it("subtracted directly are exact for near and equal rows", async () => {
    const got = await elements((a) => pairwiseSquaredDistances(a, a, "direct"), x);
    const rows = [0, 1, 2].map((row) => Array.from(x.data.slice(3 * row, 3 * row + 3)));
    const expected = rows.flatMap((a) =>
      rows.map((b) => a.reduce((total, value, at) => total + (value - b[at]!) ** 2, 0)),
    );
    got.forEach((value, at) =>
      expect(Math.abs(value - expected[at]!)).toBeLessThanOrEqual(FLOAT32_STEPS * expected[at]!),
    );
  });

  it("by inner products are off by the squared length times the machine epsilon, and never negative", async () => {
    const [direct, gram] = await Promise.all(
      (["direct", "gram"] as const).map((form) => elements((a) => pairwiseSquaredDistances(a, a, form), x)),
    );
    const squaredLength = base.reduce((total, value) => total + value ** 2, 0);
    gram!.forEach((value, at) => {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(Math.abs(value - direct![at]!)).toBeLessThan(8 * 2 ** -24 * squaredLength);
    });
  });

  it.each(["direct", "gram"] as const)("have derivative 0 between equal rows (%s)", async (form) => {
    const points = f64([2, 2], [1, 2, 1, 2]);
    expect(await elements((a) => gradients(sum(pairwiseDistances(a, a, form)), [a])[0]!, points)).toEqual([0, 0, 0, 0]);
  });

  it("are formed directly for few pairs and by inner products for many", () => {
    const operators = (rows: number) => {
      const points = input("x", "float32", [rows, 64]);
      return topologicalOrder([pairwiseSquaredDistances(points, points)]).map(({ op }) => op.name);
    };
    expect(operators(256)).not.toContain("matmul");
    expect(operators(257)).toContain("matmul");
  });
});

describe("batch normalisation", () => {
  it("keeps running statistics from call to call as plain loops do", async () => {
    const [channels, spatial, batch, momentum] = [2, 3, 4, 0.2];
    const program = trace({
      name: "normalising",
      inputs: { x: spec("float64", [batch, channels, spatial]) },
      carries: { mean: spec("float64", [channels]), variance: spec("float64", [channels]) },
      build: ({ x }, running) => {
        const ones = sum(mul(x, 0), { axes: [0, 2] });
        const parameters = { scale: sub(1, ones), offset: ones };
        const training = batchNormalisation(x, parameters, running, { training: true, momentum });
        const { y } = batchNormalisation(x, parameters, running, { training: false });
        return { outputs: { training: training.y, y }, carries: training.running };
      },
    });
    const backend = referenceBackend();
    const executable = await backend.compile(program);
    await executable.write({ mean: f64([channels], [0, 0]), variance: f64([channels], [1, 1]) });

    const held = { mean: [0, 0], variance: [1, 1] };
    for (let step = 0; step < 5; step++) {
      const x = Key.fromSeed(step)
        .normal(batch * channels * spatial)
        .map((value) => 3 * value + step);
      const { y, training } = await executable.run({ x: f64([batch, channels, spatial], x) });
      for (let channel = 0; channel < channels; channel++) {
        const own = Array.from(x, (value, at) => ({ value, at })).filter(
          ({ at }) => Math.floor(at / spatial) % channels === channel,
        );
        const mean = own.reduce((total, { value }) => total + value, 0) / own.length;
        const variance = own.reduce((total, { value }) => total + (value - mean) ** 2, 0) / own.length;
        for (const { value, at } of own) {
          expect(y!.data[at]).toBeCloseTo(
            (value - held.mean[channel]!) / Math.sqrt(held.variance[channel]! + 1e-5),
            12,
          );
          expect(training!.data[at]).toBeCloseTo((value - mean) / Math.sqrt(variance + 1e-5), 12);
        }
        held.mean[channel] = (1 - momentum) * held.mean[channel]! + momentum * mean;
        held.variance[channel] =
          (1 - momentum) * held.variance[channel]! + (momentum * variance * own.length) / (own.length - 1);
      }
      const { mean, variance } = await executable.read();
      expect(Array.from(mean!.data)).toEqual(held.mean.map((value) => expect.closeTo(value, 12)));
      expect(Array.from(variance!.data)).toEqual(held.variance.map((value) => expect.closeTo(value, 12)));
    }
    await backend.dispose();
  });
});
