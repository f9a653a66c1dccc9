import { expect, it } from "vitest";
import {
  gradients,
  Key,
  maxPool,
  mul,
  type NdArray,
  ndarray,
  optimise,
  referenceBackend,
  reshape,
  round,
  sizeOf,
  spec,
  sum,
  type Tensor,
  trace,
} from "../index.js";
import { runOnce } from "../testing/index.js";

const key = Key.fromSeed(5);

it.each([
  ["windows that meet", [2, 16, 9, 8], { kernel: 3, strides: 2, padding: 1 }],
  ["tiles that leave a rest", [1, 17, 7, 5], { kernel: 2 }],
  ["windows that overlap much", [2, 16, 4, 5], { kernel: [3, 4], strides: 1 }],
  ["windows with gaps", [2, 16, 8, 9], { kernel: 2, strides: [3, 4] }],
  ["signals", [2, 20, 11], { kernel: 3, strides: 2 }],
  ["volumes", [1, 16, 5, 4, 5], { kernel: 2, strides: [2, 1, 3] }],
] as const)("many channels, which are laid last, have the cotangent of one: %s", async (_, shape, options) => {
  const size = sizeOf(shape);
  // Rounded, so that many windows hold their largest element more than once.
  const drawn = (name: string) => ndarray("float64", shape, Float64Array.from(key.fold(name).normal(size)));
  const program = trace({
    name: "channels",
    inputs: { x: spec("float64", [...shape]), slope: spec("float64", [...shape]) },
    build: ({ x, slope }) => {
      const level = round(mul(x!, 2));
      const weighed = (input: Tensor) => {
        const y = maxPool(input, options as never);
        const weights = maxPool(reshape(slope!, input.shape), options as never);
        return reshape(gradients(sum(mul(y, weights)), [input])[0]!, shape);
      };
      const [batch, channels, ...pixels] = shape;
      const apart = reshape(level, [batch * channels, 1, ...pixels]);
      return { outputs: { together: weighed(level), apart: weighed(apart) } };
    },
  });
  const { together, apart } = (await runOnce(referenceBackend(), optimise(program), {
    x: drawn("x"),
    slope: drawn("slope"),
  })) as Record<"together" | "apart", NdArray>;
  expect(together.data.some((value) => value !== 0)).toBe(true);
  expect(together.data).toEqual(apart.data);
});
