import type { NdArray } from "../arrays/nd-array.js";
import type { Entry } from "./entry.js";

/** Masses at n and m points, and what it costs to move a unit from each to each. */
export interface TransportProblem {
  /** [n], not negative. */
  readonly first: NdArray<"float64">;
  /** [m], not negative, of the same sum up to rounding. */
  readonly second: NdArray<"float64">;
  /** [n, m] */
  readonly cost: NdArray<"float64">;
}

/** A way to solve optimal-transport problems. It runs on the host, in float64. */
export interface TransportSolver<Config = unknown> extends Entry<Config> {
  readonly kind: "optimal-transport";
  /** What the transport costs. */
  solve(problem: TransportProblem, config: Config): number;
}

export function defineTransportSolver<Config>(solver: Omit<TransportSolver<Config>, "kind">): TransportSolver<Config> {
  return { kind: "optimal-transport", ...solver };
}
