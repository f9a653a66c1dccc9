import {
  abs,
  type Backend,
  cast,
  constant,
  conv,
  erf,
  expand,
  gradients,
  log,
  matmul,
  max,
  maximum,
  maxPool,
  min,
  minimum,
  mul,
  ndarray,
  neg,
  pow,
  relu,
  reshape,
  sigmoid,
  sign,
  slice,
  sum,
  type Tensor,
  transpose,
  where,
} from "@semblance/core";
import { describe, expect, it } from "vitest";
import { evaluateOn, expectLikeReference, float, int } from "./compare.js";
import { cpu, wasm } from "./namespace.js";

const backends: [string, Backend][] = [
  ["wasm", await wasm()],
  ["cpu", await cpu()],
];
const { NaN: none, POSITIVE_INFINITY: infinity } = Number;

describe.each(backends)("numbers that TensorFlow.js gets wrong on %s", (name, backend) => {
  it("lets NaN through, on whichever side it stands", async () => {
    const a = float([6], [none, 1, none, -0, 0, 2]);
    const b = float([6], [1, none, none, 0, -0, 3]);
    await expectLikeReference(backend, [a, b], (x, y) => [maximum(x, y), minimum(x, y), relu(x), sign(x), neg(x)]);
    await expectLikeReference(backend, [a, float([], [none])], (x, y) => [maximum(x, y), minimum(y, x)]);
    await expectLikeReference(backend, [a], (x) => [maximum(x, 0), maximum(0, x)]);
  });

  it("multiplies by the same elements as a row and as a column, in whichever order", async () => {
    // On wasm the kernel keeps what it made of a right factor, by its elements: the second product was written beyond its end.
    const column = float([4, 1], [1, 2, 3, 4]);
    const rows = float([3, 1], [1, -1, 2]);
    const wide = float([3, 4], [1, 0, 2, 0, 0, 1, 0, 3, -1, 1, -1, 1]);
    for (let turn = 0; turn < 20; turn++) {
      await expectLikeReference(backend, [column, rows, wide], (x, a, b) => [matmul(a!, transpose(x)), matmul(b!, x)]);
      await expectLikeReference(backend, [column, rows, wide], (x, a, b) => [matmul(b!, x), matmul(a!, transpose(x))]);
      await expectLikeReference(backend, [column, wide], (x, b) => {
        const square = reshape(x, [2, 2]);
        return [matmul(reshape(b!, [6, 2]), square), matmul(b!, reshape(square, [4, 1]))];
      });
    }
  });

  it("lets NaN through reductions and pools, wherever it stands", async () => {
    for (let place = 0; place < 16; place++) {
      const data = Float32Array.from({ length: 16 }, (_, index) => (index === place ? none : index - 20));
      await expectLikeReference(backend, [float([1, 1, 4, 4], data)], (x) => [
        ...[max, min].flatMap((f) => [f(x, { axes: [2] }), f(x, { axes: [3] }), f(x)]),
        maxPool(x, { kernel: 2 }),
      ]);
    }
  });

  it("pools negative numbers, gives ties to the first, and the gradient to one element", async () => {
    const x = float([1, 1, 4, 4], [-5, -3, -3, -9, -3, -7, -2, -2, -1, -1, -8, -8, -1, -1, -8, -8]);
    await expectLikeReference(backend, [x], (t) => {
      const pooled = maxPool(t, { kernel: 2 });
      return [pooled, ...gradients(sum(mul(pooled, pooled)), [t])];
    });
  });

  it("raises 1 to any power, and −1 to infinite ones", async () => {
    const a = float([8], [1, 1, -1, -1, 2, none, 0, -8]);
    const b = float([8], [none, infinity, infinity, -infinity, none, 0, 0, 3]);
    await expectLikeReference(backend, [a, b], pow);
    await expectLikeReference(backend, [float([2, 1], [1, 2]), float([3], [none, 2, -1])], pow);
  });

  it("takes what is not 0 for true, 256 and 0.5 and NaN too", async () => {
    await expectLikeReference(backend, [float([6], [256, 0.5, none, -0, 1e-30, 65536])], (x) => cast(x, "bool"));
    await expectLikeReference(backend, [int(256, 0, -65536)], (x) => cast(x, "bool"));
  });

  it("keeps whole numbers beyond 2²⁴", async () => {
    const x = int(16777217, -16777219, 2147483647, -2147483647);
    await expectLikeReference(backend, [x], (t) => [
      neg(t),
      abs(t),
      sign(t),
      maximum(t, 16777216),
      slice(t, { axis: 0, step: -2 }),
    ]);
  });

  it("selects, repeats and steps through booleans beside other tensors without a byte too many", async () => {
    const truths = ndarray("bool", [2, 5], [1, 0, 1, 1, 0, 0, 1, 0, 0, 1]);
    for (let round = 0; round < 20; round++) {
      await expectLikeReference(backend, [truths], (t) => [
        where(t, transpose(transpose(t)), slice(t, { axis: 1, step: -1 })),
        expand(slice(t, { axis: 0, end: 1 }), [7, 5]),
        slice(t, { axis: 1, step: 2 }),
      ]);
    }
  });

  it("keeps the tails of the logistic and error functions", async () => {
    const x = float([5], [-80, -30, -18.5, 0, 3]);
    await expectLikeReference(backend, [x], (t) => [sigmoid(t), log(sigmoid(t))], { tolerance: 1e-6, relative: true });
    const near = float([8], [1e-30, -1e-6, 1e-3, 0.3, -0.49999, 0.5, 0.50001, 0.7]);
    await expectLikeReference(backend, [near], erf, { tolerance: 2e-6, relative: true });
    await expectLikeReference(backend, [float([5], [none, infinity, -infinity, 1e30, -1e30])], erf);
  });

  it.each([
    [[60_000], [0]],
    [[59_999], [0]],
    [[3, 7001], [1]],
    [[4099, 3], [0]],
    [[400, 5], [0]],
    [
      [64, 33, 31],
      [0, 2],
    ],
  ])("sums float32 of shape %j over %j to a relative error of 2e-6", async (shape, axes) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const data = Float32Array.from({ length: size }, (_, index) => 0.1 + (index % 1000) / 1000);
    await expectLikeReference(backend, [float(shape, data)], (x) => sum(x, { axes }), {
      tolerance: 2e-6,
      relative: true,
    });
  });

  it("multiplies empty, shared, broadcast and large stacks", async () => {
    const array = (...shape: number[]) =>
      float(
        shape,
        Float32Array.from({ length: shape.reduce((product, extent) => product * extent, 1) }, (_, at) => Math.sin(at)),
      );
    const pairs = [
      [array(2, 0), array(0, 3)],
      [array(0, 4), array(4, 3)],
      [array(5, 1, 2, 3), array(4, 3, 2)],
      [array(4, 40, 32), array(4, 32, 48)],
      [array(40, 32), array(3, 32, 48)],
      [array(3, 2, 40, 32), array(2, 32, 48)],
    ] as const;
    for (const [a, b] of pairs) await expectLikeReference(backend, [a, b], matmul, { tolerance: 1e-5 });
  });

  it("convolves by channel with strides and dilations at a time", async () => {
    const x = float(
      [1, 2, 9, 9],
      Float32Array.from({ length: 162 }, (_, at) => Math.cos(at)),
    );
    const w = float(
      [4, 1, 2, 2],
      Float32Array.from({ length: 16 }, (_, at) => at - 7),
    );
    const options = { groups: 2, strides: 2, dilations: 3 };
    await expectLikeReference(
      backend,
      [x, w],
      (a, b) => {
        const y = conv(a, b, options);
        return [y, ...gradients(sum(mul(y, y)), [a, b])];
      },
      { tolerance: 1e-5 },
    );
  });

  it("refuses a float64 tensor by the operator's name, before anything runs", async () => {
    const build = (x: Tensor) => cast(mul(cast(x, "float64"), 2), "float32");
    await expect(evaluateOn(backend, [float([1], [1])], build)).rejects.toMatchObject({
      code: "DTYPE_UNSUPPORTED",
      message: expect.stringContaining('"cast" is float64'),
      where: expect.stringContaining(`tfjs/${name}`),
    });
    const wide = ndarray("float64", [1], [1]);
    await expect(evaluateOn(backend, [wide], (x) => mul(x, 2))).rejects.toMatchObject({ code: "DTYPE_UNSUPPORTED" });
    await expect(evaluateOn(backend, [], () => constant(wide))).rejects.toMatchObject({ code: "DTYPE_UNSUPPORTED" });
  });
});
