import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solveTransport } from "./solve-transport.js";
import { transport1d } from "./transport-1d.js";

const side = fc.array(fc.record({ position: fc.integer({ min: -5, max: 5 }), mass: fc.integer({ min: 0, max: 4 }) }), {
  minLength: 1,
  maxLength: 12,
});
const measure = (atoms: readonly { position: number; mass: number }[]) => {
  const total = atoms.reduce((sum, { mass }) => sum + mass, 0);
  return { positions: atoms.map(({ position }) => position), masses: atoms.map(({ mass }) => mass / total) };
};
const holdsMass = (atoms: readonly { mass: number }[]) => atoms.some(({ mass }) => mass > 0);

describe("transport1d", () => {
  it("is what the simplex finds for distances on a line", () => {
    fc.assert(
      fc.property(side.filter(holdsMass), side.filter(holdsMass), (left, right) => {
        const [first, second] = [measure(left), measure(right)];
        const cost = first.positions.flatMap((x) => second.positions.map((y) => Math.abs(x - y)));
        const { value } = solveTransport(first.masses, second.masses, Float64Array.from(cost));
        expect(transport1d(first, second)).toBeCloseTo(value, 12);
      }),
      { seed: 20_251_125, numRuns: 200 },
    );
  });

  it("moves everything by a shift", () => {
    const masses = [0.5, 0.25, 0.25];
    expect(transport1d({ positions: [3, 0, 1], masses }, { positions: [5, 2, 3], masses })).toBe(2);
  });

  it.each([
    ["positions that do not fit", { positions: [1, 2], masses: [1] }, "TRANSPORT_SHAPE"],
    ["no atoms", { positions: [], masses: [] }, "TRANSPORT_SHAPE"],
    ["a position that is NaN", { positions: [Number.NaN], masses: [1] }, "TRANSPORT_COST"],
    ["a negative mass", { positions: [0, 1], masses: [2, -1] }, "TRANSPORT_MASSES"],
    ["another sum", { positions: [0], masses: [2] }, "TRANSPORT_MASSES"],
  ])("refuses %s", (_, first, code) => {
    expect(() => transport1d(first, { positions: [0], masses: [1] })).toThrow(expect.objectContaining({ code }));
  });
});
