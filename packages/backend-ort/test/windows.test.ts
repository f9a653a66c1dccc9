import { ortBackend } from "@semblance/backend-ort";
import { add, averagePool, conv, gradients, maxPool, mean, square, sum } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { expectLikeReference } from "./compare.js";
import { drawWindows } from "./draw-windows.js";

const backend = await ortBackend({ threads: 1 });
describe("windows of drawn geometry", () => {
  const rounds = Array.from({ length: 60 }, (_, round) => round);

  it("draws what it is meant to draw", () => {
    const drawn = rounds.map(drawWindows);
    expect(new Set(drawn.map(({ x }) => x.shape.length))).toEqual(new Set([3, 4, 5]));
    expect(new Set(drawn.map(({ x }) => x.dtype))).toEqual(new Set(["float32", "float64"]));
    expect(drawn.some(({ options }) => options.groups > 1)).toBe(true);
    expect(drawn.some(({ x }) => x.shape[1]! >= 16)).toBe(true);
  });

  it.each(rounds)("convolves and differentiates twice, round %i", async (round) => {
    const { x, w, options, tolerance } = drawWindows(round);
    await expectLikeReference(
      backend,
      [x, w],
      (input, filter) => {
        const y = conv(input, filter, options);
        const slopes = gradients(mean(square(y)), [input, filter]);
        const twice = gradients(add(mean(square(slopes[0]!)), mean(square(slopes[1]!))), [input, filter]);
        return [y, ...slopes, ...twice];
      },
      { tolerance },
    );
  });

  it.each(rounds)("pools and differentiates, round %i", async (round) => {
    const { x, pool, tolerance } = drawWindows(round);
    await expectLikeReference(
      backend,
      [x],
      (input) => {
        const [largest, average] = [maxPool(input, pool), averagePool(input, pool)];
        return [largest, average, ...gradients(add(sum(square(largest)), sum(square(average))), [input])];
      },
      { tolerance },
    );
  });
});
