import { Key } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { sinkhorn } from "./sinkhorn.js";
import { solveTransport } from "./solve-transport.js";

const key = Key.fromSeed(8);
const normalised = (masses: Float64Array) => {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
};
const first = normalised(key.fold("first").uniform(7)).map((mass) => 3 * mass);
const second = normalised(key.fold("second").uniform(5)).map((mass) => 3 * mass);
const cost = key.fold("cost").uniform(35, 1, 4);

describe("sinkhorn", () => {
  it("meets both marginals, and lies above the exact value, the nearer the smaller ε", () => {
    const exact = solveTransport(first, second, cost).value;
    let before = Number.POSITIVE_INFINITY;
    for (const regularisation of [1, 0.1, 0.01]) {
      const { transportCost, plan } = sinkhorn(first, second, cost, { regularisation });
      first.forEach((mass, i) => {
        expect(plan.subarray(5 * i, 5 * i + 5).reduce((sum, each) => sum + each, 0)).toBeCloseTo(mass, 8);
      });
      second.forEach((mass, j) => {
        expect(plan.filter((_, at) => at % 5 === j).reduce((sum, each) => sum + each, 0)).toBeCloseTo(mass, 8);
      });
      expect(transportCost).toBeGreaterThan(exact - 1e-7);
      expect(transportCost).toBeLessThan(before);
      before = transportCost;
    }
    expect(before).toBeCloseTo(exact, 2);
  });

  it("tends to the cost of the independent plan as ε grows", () => {
    const independent = first.reduce(
      (total, a, i) => total + second.reduce((sum, b, j) => sum + ((a * b) / 3) * cost[5 * i + j]!, 0),
      0,
    );
    const { transportCost, regularisedCost } = sinkhorn(first, second, cost, { regularisation: 1e6 });
    expect(transportCost).toBeCloseTo(independent, 5);
    expect(regularisedCost).toBeCloseTo(independent, 5);
  });

  it("minimises cost plus entropy: no other plan with these marginals is better", () => {
    const regularisation = 0.5;
    const { plan, regularisedCost } = sinkhorn(first, second, cost, { regularisation });
    const objective = (moved: Float64Array) =>
      moved.reduce((total, mass, at) => {
        const apart = (first[Math.floor(at / 5)]! * second[at % 5]!) / 3;
        return total + mass * cost[at]! + (mass > 0 ? regularisation * mass * Math.log(mass / apart) : 0);
      }, 0);
    expect(objective(plan)).toBeCloseTo(regularisedCost, 8);
    const round = plan.slice();
    for (const [at, sign] of [
      [0, 1],
      [1, -1],
      [5, -1],
      [6, 1],
    ] as const)
      round[at]! += sign * 1e-3;
    expect(objective(round)).toBeGreaterThan(regularisedCost + 1e-7);
  });

  it("copes with atoms that hold nothing and costs far beyond ε", () => {
    const { transportCost } = sinkhorn([1, 0], [0.5, 0.5], Float64Array.of(1000, 3000, 0, 5), { regularisation: 1e-2 });
    expect(transportCost).toBeCloseTo(2000, 6);
  });

  it.each([
    [{ regularisation: 0 }, "SINKHORN_REGULARISATION"],
    [{ regularisation: Number.NaN }, "SINKHORN_REGULARISATION"],
    [{ regularisation: 1e-3, sweepLimit: 2 }, "SINKHORN_NOT_CONVERGED"],
  ])("refuses %j", (options, code) => {
    expect(() => sinkhorn(first, second, cost, options)).toThrow(expect.objectContaining({ code }));
  });
});
