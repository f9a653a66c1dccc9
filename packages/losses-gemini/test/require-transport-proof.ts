import { expect } from "vitest";
import type { TransportSolution } from "../src/transport/solve-transport.js";

/** What an optimal plan and its potentials prove about each other. */
export function requireTransportProof(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  cost: Float64Array,
  solution: TransportSolution,
) {
  const { value, plan, firstPotentials: f, secondPotentials: g } = solution;
  const scale = cost.reduce((largest, each) => Math.max(largest, Math.abs(each)), 1);
  const mass = Array.from(first).reduce((sum, each) => sum + each, 0);
  const sent = new Float64Array(first.length);
  const got = new Float64Array(second.length);
  plan.masses.forEach((moved, arc) => {
    expect(moved).toBeGreaterThanOrEqual(0);
    sent[plan.rows[arc]!]! += moved;
    got[plan.columns[arc]!]! += moved;
  });
  sent.forEach((each, i) => expect(Math.abs(each - first[i]!)).toBeLessThanOrEqual(1e-14 * mass));
  got.forEach((each, j) => expect(Math.abs(each - second[j]!)).toBeLessThanOrEqual(1e-14 * mass));
  const slack = cost.map((each, at) => each - f[Math.floor(at / second.length)]! - g[at % second.length]!);
  expect(Math.min(...slack)).toBeGreaterThanOrEqual(-1e-12 * scale);
  let dual = 0;
  f.forEach((each, i) => {
    dual += each * first[i]!;
  });
  expect(Math.abs(dual - value / 2)).toBeLessThanOrEqual(1e-12 * scale * mass);
  g.forEach((each, j) => {
    dual += each * second[j]!;
  });
  expect(Math.abs(dual - value)).toBeLessThanOrEqual(1e-12 * scale * mass);
}
