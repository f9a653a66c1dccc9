import { ortBackend } from "@semblance/backend-ort";
import {
  add,
  averagePool,
  conv,
  gradients,
  Key,
  maxPool,
  mean,
  mul,
  type NdArray,
  ndarray,
  optimise,
  sizeOf,
  spec,
  square,
  sum,
  type Tensor,
  trace,
} from "@semblance/core";
import { describe, expect, it } from "vitest";
import { lower } from "../src/lower.js";
import { expectLikeReference } from "./compare.js";

const backend = await ortBackend({ threads: 1 });
const key = Key.fromSeed(12);
const drawn = (name: string, shape: number[]): NdArray =>
  ndarray("float32", shape, Float32Array.from(key.fold(name).normal(sizeOf(shape))));

/** A value, its gradients and theirs: every form of convolution with every form of its derivatives. */
function twice(y: (x: Tensor, w: Tensor) => Tensor) {
  return (x: Tensor, w: Tensor) => {
    const value = y(x, w);
    const slopes = gradients(mean(square(value)), [x, w]);
    const curved = gradients(add(mean(square(slopes[0]!)), mean(square(slopes[1]!))), [x, w]);
    return [value, ...slopes, ...curved];
  };
}

function operators(shapes: number[][], build: (...inputs: Tensor[]) => Tensor): string[] {
  const program = optimise(
    trace({
      name: "fused",
      inputs: Object.fromEntries(shapes.map((shape, index) => [`x${index}`, spec("float32", shape)])),
      build: (inputs) => ({ outputs: { y: build(...Object.values(inputs)) } }),
    }),
  );
  const graph = { name: "fused", inputs: Object.values(program.inputs), outputs: Object.values(program.outputs) };
  return lower(graph as never, "cpu").model.nodes.map(({ op }) => op);
}

describe("convolutions whose window has few places", () => {
  it.each([
    ["one pixel under a padded window", [20, 3, 1, 1], [4, 3, 3, 3], { padding: 1 }],
    ["2×2 pixels under a padded window", [16, 5, 2, 2], [6, 5, 3, 3], { padding: 1 }],
    ["a window as large as the picture", [17, 3, 5, 5], [2, 3, 5, 5], {}],
    ["4×4 pixels in strides of 2", [16, 3, 4, 4], [5, 3, 3, 3], { padding: 1, strides: 2 }],
    ["a window of one element in strides", [16, 3, 4, 3], [5, 3, 1, 1], { strides: 2 }],
    ["a spread window", [16, 2, 5, 6], [3, 2, 2, 3], { dilations: [4, 2], padding: { before: [0, 1], after: [0, 0] } }],
    ["pixels that no window reaches", [16, 2, 5, 7], [3, 2, 2, 2], { strides: [3, 4] }],
    ["a signal", [33, 2, 6], [3, 2, 4], { padding: { before: [1], after: [0] } }],
    ["a volume", [16, 2, 2, 3, 2], [3, 2, 2, 2, 2], {}],
  ] as const)("%s are products for the whole batch", async (_, x, w, options) => {
    const y = (input: Tensor, filter: Tensor) => conv(input, filter, options as never);
    expect(operators([[...x], [...w]], y)).not.toContain("Conv");
    await expectLikeReference(backend, [drawn("x", [...x]), drawn("w", [...w])], twice(y), { tolerance: 3e-5 });
  });

  it.each([
    ["a small batch", [15, 3, 2, 2], [4, 3, 3, 3], { padding: 1 }],
    ["many places", [16, 3, 3, 3], [4, 3, 3, 3], { padding: 1 }],
    ["groups", [16, 4, 1, 1], [4, 2, 1, 1], { groups: 2 }],
    ["a window on padding alone", [16, 3, 1, 1], [4, 3, 1, 1], { padding: { before: [1, 0], after: [0, 0] } }],
  ] as const)("%s stays onnxruntime's", async (_, x, w, options) => {
    const y = (input: Tensor, filter: Tensor) => conv(input, filter, options as never);
    expect(operators([[...x], [...w]], y)).toContain("Conv");
    await expectLikeReference(backend, [drawn("x", [...x]), drawn("w", [...w])], twice(y), { tolerance: 3e-5 });
  });
});

describe("convolutions of many channels at few places", () => {
  it.each([
    ["3×3 windows on 4×4 pixels", [16, 64, 4, 4], [64, 64, 3, 3], { padding: 1 }],
    ["strides", [16, 64, 7, 6], [64, 64, 3, 2], { padding: { before: [1, 0], after: [1, 1] }, strides: 2 }],
    ["single elements", [17, 64, 3, 4], [64, 64, 1, 1], {}],
    ["spread windows", [16, 64, 4, 4], [65, 64, 2, 3], { dilations: [2, 1], padding: 1 }],
    ["signals", [16, 64, 9], [64, 64, 4], {}],
  ] as const)("%s are one product of rows, there and back", async (_, x, w, options) => {
    const y = (input: Tensor, filter: Tensor) => conv(input, filter, options as never);
    expect(operators([[...x], [...w]], y)).not.toContain("Conv");
    const slope = (input: Tensor, filter: Tensor) => gradients(mean(square(y(input, filter))), [input])[0]!;
    const back = operators([[...x], [...w]], slope);
    expect(back).not.toContain("Conv");
    await expectLikeReference(
      backend,
      [drawn("x", [...x]), drawn("w", [...w])],
      (input, filter) => [y(input, filter), slope(input, filter)],
      { tolerance: 1e-4 },
    );
  });
});

describe("filters' cotangents", () => {
  it.each([
    ["with many channels", [2, 64, 5, 4], [3, 64, 3, 2], { padding: 1 }],
    ["with strides", [2, 16, 7, 6], [3, 16, 3, 3], { padding: 1, strides: 2 }],
    ["of single elements", [2, 70, 3, 4], [5, 70, 1, 1], {}],
    ["with spread windows", [3, 64, 8, 7], [2, 64, 2, 3], { dilations: [3, 2], padding: 2 }],
    ["of signals", [2, 64, 9], [3, 64, 4], { strides: 2 }],
  ] as const)("%s are one product for the whole batch", async (_, x, w, options) => {
    const y = (input: Tensor, filter: Tensor) => conv(input, filter, options as never);
    const slope = (input: Tensor, filter: Tensor) => gradients(sum(square(y(input, filter))), [filter])[0]!;
    expect(operators([[...x], [...w]], slope)).toContain("Gemm");
    await expectLikeReference(backend, [drawn("x", [...x]), drawn("w", [...w])], twice(y), { tolerance: 3e-5 });
  });
});

describe("cotangents of pooling", () => {
  it.each([
    ["tiles", [2, 3, 6, 4], { kernel: [3, 2] }],
    ["tiles that leave a rest", [2, 3, 7, 5], { kernel: 2 }],
    ["windows that meet", [2, 3, 9, 8], { kernel: 3, strides: 2, padding: 1 }],
    ["windows that overlap much", [2, 3, 6, 7], { kernel: [3, 4], strides: 1 }],
    ["windows with gaps", [2, 3, 8, 9], { kernel: 2, strides: [3, 4] }],
    ["windows on signals", [2, 3, 11], { kernel: 3, strides: 2 }],
    ["windows that meet on many channels", [2, 16, 9, 8], { kernel: 3, strides: 2, padding: 1 }],
    ["windows in volumes", [1, 2, 5, 4, 5], { kernel: 2, strides: [2, 1, 3] }],
  ] as const)("of %s", async (_, shape, options) => {
    await expectLikeReference(
      backend,
      [drawn("x", [...shape]), drawn("slope", [...shape])],
      (x, slope) => {
        const pools = [maxPool(x, options as never), averagePool(x, options as never)];
        return pools.flatMap((y) => gradients(sum(square(y)), [x])).map((own) => mul(own, slope));
      },
      { tolerance: 1e-5 },
    );
  });

  it("of means over tiles repeat pixels with one operator", () => {
    const slope = (x: Tensor) => gradients(sum(square(averagePool(x, { kernel: 2 }))), [x])[0]!;
    const used = operators([[2, 3, 6, 4]], slope);
    expect(used).toContain("Resize");
    expect(used).not.toContain("Expand");
  });
});
