import { describe, expect, it } from "vitest";
import { z } from "zod";
import { divergenceChecks } from "../../src/checks/divergence-checks.js";
import { type Divergence, defineDivergence } from "../../src/contracts/divergence.js";
import { mean } from "../../src/functions/mean.js";
import { pairwiseSquaredDistances } from "../../src/functions/pairwise.js";
import { square } from "../../src/functions/square.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { add } from "../../src/ops/add.js";
import { div } from "../../src/ops/div.js";
import { mul } from "../../src/ops/mul.js";
import { reshape } from "../../src/ops/reshape.js";
import { stopGradient } from "../../src/ops/stop-gradient.js";
import { sub } from "../../src/ops/sub.js";
import { sum } from "../../src/ops/sum.js";
import { failures } from "./failing-titles.js";

const maskedMean = (points: Tensor, mask: Tensor) => {
  const weights = div(mask, sum(mask, { axes: [1], keepDims: true }));
  return sum(mul(points, reshape(weights, [...mask.shape, 1])), { axes: [1] });
};

const divergence = (spoil: Partial<Divergence> = {}): Divergence =>
  defineDivergence({
    name: "test-divergence",
    summary: "The squared Euclidean distance, under test.",
    config: z.strictObject({}),
    symmetric: true,
    matrix: (x, y) => pairwiseSquaredDistances(x, y),
    paired: (x, y) => sum(square(sub(x, y)), { axes: [1] }),
    sets: ({ points: first, mask }, { points: second }) => {
      const center = mask ? maskedMean(first, mask) : mean(first, { axes: [1] });
      return pairwiseSquaredDistances(center, mean(second, { axes: [1] }));
    },
    generator: (x) => sum(square(x), { axes: [1] }),
    ...spoil,
  } as Omit<Divergence, "kind">);
const failing = (spoil: Partial<Divergence>) => failures(divergenceChecks(divergence(spoil)));

describe("a divergence", () => {
  it("that is right passes every check", async () => {
    expect(await failing({})).toEqual({});
  });

  it("that compares nothing is caught by that alone", async () => {
    const nothing = { matrix: undefined, sets: undefined, paired: undefined };
    expect(await failing(nothing)).toEqual({ "compares rows or sets": "CHECK_VALUE_WRONG" });
  });

  it("that claims a symmetry which it has not is caught by name", async () => {
    const matrix: Divergence["matrix"] = (x, y) =>
      add(pairwiseSquaredDistances(x, y), sum(square(x), { axes: [1], keepDims: true }));
    expect(await failing({ matrix })).toMatchObject({
      "is symmetric": "CHECK_VALUE_WRONG",
      "is 0 between equal rows and never negative": "CHECK_VALUE_WRONG",
      "is the Bregman divergence of its generator": "CHECK_VALUE_WRONG",
      "row by row it is the diagonal": "CHECK_VALUE_WRONG",
    });
  });

  it("whose generator is another's is caught, one of the same up to an affine term is not", async () => {
    const twice: Divergence["generator"] = (x) => mul(sum(square(x), { axes: [1] }), 2);
    const shifted: Divergence["generator"] = (x) => add(sum(square(x), { axes: [1] }), add(sum(x, { axes: [1] }), 3));
    expect(await failing({ generator: twice })).toEqual({
      "is the Bregman divergence of its generator": "CHECK_VALUE_WRONG",
    });
    expect(await failing({ generator: shifted })).toEqual({});
  });

  it("that holds an argument fixed is caught, and excused where it says so", async () => {
    const matrix: Divergence["matrix"] = (x, y) => pairwiseSquaredDistances(x, stopGradient(y));
    expect(await failing({ matrix })).toEqual({ "gradients agree with differences": "CHECK_GRADIENT_WRONG" });
    expect(await failing({ matrix, heldFixed: "the second argument is a constant" })).toEqual({});
  });

  it("whose sets count fillers is caught", async () => {
    const sets: Divergence["sets"] = ({ points: first }, { points: second }) =>
      pairwiseSquaredDistances(mean(first, { axes: [1] }), mean(second, { axes: [1] }));
    expect(await failing({ sets })).toEqual({ "points that are masked out do not count": "CHECK_VALUE_WRONG" });
  });
});
