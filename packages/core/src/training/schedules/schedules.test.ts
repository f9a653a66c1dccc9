import { describe, expect, it } from "vitest";
import { createCatalogue } from "../../container/create-catalogue.js";
import type { ComponentReference } from "../../contracts/entry.js";

const factors = (reference: ComponentReference, steps: readonly number[], total = 100) => {
  const { entry, config } = createCatalogue().choose("schedule", reference);
  return steps.map((step) => entry.factor(step, total, config));
};

describe("schedules", () => {
  it("constant stays", () => expect(factors("constant", [1, 50, 100])).toEqual([1, 1, 1]));

  it("every schedule warms up linearly", () => {
    for (const reference of [
      "constant",
      "cosine",
      { name: "step", every: 50 },
      { name: "exponential", decay: 1 },
    ] as const) {
      const named = typeof reference === "string" ? { name: reference } : reference;
      expect(factors({ ...named, warmupSteps: 4 }, [1, 2, 3, 4])).toEqual([0.25, 0.5, 0.75, 1]);
    }
  });

  it("step falls by its factor", () => {
    const [a, b, c, d] = factors({ name: "step", every: 10, decay: 0.5 }, [1, 10, 11, 21]);
    expect([a, b, c, d]).toEqual([1, 1, 0.5, 0.25]);
  });

  it("exponential falls by one factor per step", () => {
    const [first, third] = factors({ name: "exponential", decay: 0.9 }, [1, 3]);
    expect(first).toBe(1);
    expect(third).toBeCloseTo(0.81, 15);
  });

  it("cosine falls from 1 through the middle to its last share", () => {
    const [middle, end, beyond] = factors({ name: "cosine", last: 0.2 }, [50, 100, 101]);
    expect(middle).toBeCloseTo(0.6, 15);
    expect(end).toBeCloseTo(0.2, 15);
    expect(beyond).toBeCloseTo(0.2, 15);
  });
});
