import type { PoolOptions } from "../../ir/pooling.js";
import type { Tensor } from "../../ir/tensor.js";
import { averagePool } from "../../ops/average-pool.js";
import { maxPool } from "../../ops/max-pool.js";
import { distinct, normal, uniform, values, whole } from "./draw.js";
import { EXACT, type OpCase, opCase, SUMMED, type Tolerance } from "./op-case.js";

function poolCases(
  f: (x: Tensor, options: PoolOptions) => Tensor,
  draw: typeof normal,
  tolerance: Tolerance,
): OpCase[] {
  const smooth = { tolerance, differentiable: [0] };
  return [
    opCase("of 2×2", [draw(2, 2, 4, 6)], (x) => f(x, { kernel: 2 }), smooth),
    opCase("that leaves a rest", [draw(1, 2, 5, 5)], (x) => f(x, { kernel: 2 }), smooth),
    opCase("of overlapping windows", [draw(1, 2, 5, 6)], (x) => f(x, { kernel: 3, strides: 2 }), smooth),
    opCase("of windows that touch everywhere", [draw(1, 1, 4, 4)], (x) => f(x, { kernel: [2, 3], strides: 1 }), smooth),
    opCase("with gaps between windows", [draw(1, 1, 7, 7)], (x) => f(x, { kernel: 2, strides: 3 }), smooth),
    opCase("with padding", [draw(2, 1, 4, 4)], (x) => f(x, { kernel: 3, strides: 2, padding: 1 }), smooth),
    opCase(
      "with uneven padding",
      [draw(1, 2, 5, 4)],
      (x) => f(x, { kernel: [3, 2], strides: [2, 1], padding: { before: [2, 0], after: [1, 1] } }),
      smooth,
    ),
    opCase("in 1-D", [draw(2, 2, 7)], (x) => f(x, { kernel: 3, strides: 2, padding: 1 }), smooth),
    opCase(
      "in 3-D",
      [draw(1, 2, 3, 4, 4)],
      (x) => f(x, { kernel: 2, strides: [1, 2, 2], padding: { before: [1, 0, 0], after: [0, 0, 1] } }),
      smooth,
    ),
    opCase("of the whole plane", [draw(2, 3, 3, 4)], (x) => f(x, { kernel: [3, 4] }), smooth),
    opCase("of single elements", [draw(1, 2, 3, 3)], (x) => f(x, { kernel: 1 }), smooth),
    opCase("of an empty batch", [draw(0, 2, 4, 4)], (x) => f(x, { kernel: 2 }), smooth),
    // A padding of 0 that takes part would win over, or dilute, numbers that are all negative.
    opCase(
      "of negative numbers under padding",
      [uniform(-9, -1, 1, 2, 4, 4)],
      (x) => f(x, { kernel: 3, strides: 2, padding: 1 }),
      {
        tolerance,
      },
    ),
    opCase(
      "of numbers down to −1e30",
      [values([1, 1, 2, 4], [-1e30, -1e30, -2e30, -1e29, -3, -1e30, -1e30, -1e30])],
      (x) => f(x, { kernel: 2, padding: { before: [0, 1], after: [0, 1] } }),
      {
        tolerance,
        relative: true,
      },
    ),
    opCase("of 13 channels on 17×15", [draw(2, 13, 17, 15)], (x) => f(x, { kernel: 3, strides: 2, padding: 1 }), {
      tolerance,
    }),
  ];
}

export const poolingCases = {
  maxPool: [
    ...poolCases(maxPool, distinct, EXACT),
    opCase("with ties", [whole(0, 2, 1, 2, 6, 6)], (x) => maxPool(x, { kernel: 3, strides: 2 }), { tolerance: EXACT }),
    opCase(
      "of minus infinity alone",
      [values([1, 1, 2, 2], [-Infinity, -Infinity, -Infinity, -Infinity])],
      (x) => maxPool(x, { kernel: 2 }),
      {
        tolerance: EXACT,
      },
    ),
  ],
  averagePool: poolCases(averagePool, normal, SUMMED),
} as const;
