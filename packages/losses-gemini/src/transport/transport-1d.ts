import { DataError, ShapeError } from "@semblance/core";
import { commonSum } from "./masses.js";

const WHERE = "transport1d";

/** Masses at positions on a line. */
export interface LineMeasure {
  readonly positions: ArrayLike<number>;
  readonly masses: ArrayLike<number>;
}

/**
 * Exact optimal transport on a line where the cost is the distance, in closed form.
 *
 *     W(a, b) = ∫ |A(x) − B(x)| dx,   A and B the cumulative masses
 *
 * computed as the sum over the gaps between neighbouring positions, in O((n + m) log(n + m)).
 *
 * Shapes   first: n atoms; second: m atoms
 * Domain   masses ≥ 0 with equal sums up to rounding; finite positions, in any order, repeated or not
 * Laws     equals `solveTransport` with cost |xᵢ − yⱼ|; a metric between measures of one sum
 * Errors   ShapeError TRANSPORT_SHAPE; DataError TRANSPORT_MASSES, TRANSPORT_COST
 * Source   Peyré, Cuturi, Computational Optimal Transport (2019), remark 2.30
 */
export function transport1d(first: LineMeasure, second: LineMeasure): number {
  const a = atomsOf(first, "first");
  const b = atomsOf(second, "second");
  const sum = commonSum(first.masses, second.masses, 1e-9, WHERE);
  // The second is scaled to the first's sum, so that nothing is left over beyond the last position.
  const events = [...a, ...b.map(({ position, mass }) => ({ position, mass: -mass * (sum.first / sum.second) }))];
  events.sort((p, q) => p.position - q.position);
  let value = 0;
  let surplus = 0;
  for (let at = 0; at + 1 < events.length; at++) {
    surplus += events[at]!.mass;
    value += Math.abs(surplus) * (events[at + 1]!.position - events[at]!.position);
  }
  return value;
}

function atomsOf({ positions, masses }: LineMeasure, which: string): { position: number; mass: number }[] {
  if (positions.length !== masses.length || masses.length === 0) {
    throw new ShapeError(
      "TRANSPORT_SHAPE",
      `the ${which} has ${positions.length} positions and ${masses.length} masses`,
      { where: WHERE, fix: "Pass a mass for each position, at least one." },
    );
  }
  return Array.from(masses, (mass, at) => {
    const position = positions[at]!;
    if (Number.isFinite(position)) return { position, mass };
    throw new DataError("TRANSPORT_COST", `position ${at} of the ${which} is ${position}`, {
      where: WHERE,
      fix: "Pass finite positions.",
    });
  });
}
