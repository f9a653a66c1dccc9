import { ortBackend } from "@semblance/backend-ort";
import { erf, log, matmul, max, maxPool, min, ndarray, sigmoid, sum } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { evaluateOn, expectLikeReference } from "./compare.js";

const backend = await ortBackend({ threads: 2 });

describe("numbers that onnxruntime gets wrong by itself", () => {
  // Σ of n equal terms and of a ramp, prime and composite lengths, contiguous and strided.
  it.each([
    [[4_194_304], [0]],
    [[4_194_301], [0]],
    [
      [4_194_304, 1],
      [0, 1],
    ],
    [[1, 2_097_143, 2], [1]],
    [
      [2, 1_048_576, 2],
      [0, 2],
    ],
    [
      [64, 256, 256],
      [0, 2],
    ],
  ])("sums float32 of shape %j over %j to a relative error of 1e-6", async (shape, axes) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const data = Float32Array.from({ length: size }, (_, index) => 0.1 + (index % 1000) / 1000);
    await expectLikeReference(backend, [ndarray("float32", shape, data)], (x) => sum(x, { axes }), {
      tolerance: 1e-6,
      relative: true,
    });
  });

  it("sums millions of float64 beyond the accuracy of a running sum", async () => {
    const { y0 } = await evaluateOn(
      backend,
      [ndarray("float64", [1 << 22], new Float64Array(1 << 22).fill(0.1))],
      (x) => sum(x),
    );
    expect(Math.abs(y0!.data[0]! / 419430.4 - 1)).toBeLessThan(1e-13);
  });

  it("keeps the tails of the logistic function, and so its logarithm", async () => {
    const x = ndarray("float32", [5], [-80, -30, -18.5, 0, 3]);
    await expectLikeReference(backend, [x], (t) => [sigmoid(t), log(sigmoid(t))], { tolerance: 1e-6, relative: true });
  });

  it("lets NaN through reductions and pools, wherever it stands", async () => {
    for (let place = 0; place < 36; place++) {
      const data = Float32Array.from({ length: 36 }, (_, index) => (index === place ? Number.NaN : index - 40));
      const rows = [max, min].flatMap((f) => [0, 1].map((axis) => ({ f, axis })));
      const x = ndarray("float32", [1, 1, 6, 6], data);
      await expectLikeReference(
        backend,
        [x],
        (t) => [...rows.map(({ f, axis }) => f(t, { axes: [axis + 2] })), max(t), min(t), maxPool(t, { kernel: 2 })],
        { tolerance: 0 },
      );
    }
  });

  it("knows the error function to the last digits of float64", async () => {
    const points = [-7, -6, -3, -2.857, -2, -1.25, -1, -0.85, -0.84, -0.5, -1e-8, -1e-300, 0];
    const x = ndarray(
      "float64",
      [points.length * 2 + 3],
      [...points, ...points.map((p) => -p), Infinity, -Infinity, NaN],
    );
    // The reference's series itself is good to some units in the last place.
    await expectLikeReference(backend, [x], erf, { tolerance: 2e-15, relative: true });
  });

  it("multiplies empty and broadcast stacks", async () => {
    const array = (...shape: number[]) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return ndarray(
        "float32",
        shape,
        Float32Array.from({ length: size }, (_, index) => Math.sin(index)),
      );
    };
    for (const [a, b] of [
      [array(2, 0), array(0, 3)],
      [array(0, 4), array(4, 3)],
      [array(5, 1, 2, 3), array(4, 3, 2)],
    ] as const) {
      await expectLikeReference(backend, [a, b], matmul, { tolerance: 1e-6 });
    }
  });
});
