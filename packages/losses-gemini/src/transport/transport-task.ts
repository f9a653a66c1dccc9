import { solveTransport, type TransportSolution } from "./solve-transport.js";

/** Stands for the uniform distribution in a list of pairs. */
export const UNIFORM = -1;

/** Sums of single-precision weights differ from 1 by more than double precision would call rounding. */
const MASS_TOLERANCE = 1e-3;

/** Pairs of distributions on the same points, in double precision. */
export interface TransportTasks {
  readonly points: number;
  /** [k, points]: a distribution after the other. */
  readonly distributions: Float64Array;
  /** [points, points] */
  readonly cost: Float64Array;
  /** Whether staying at a point is cheapest, see `stayingIsCheapest`. */
  readonly stationary: boolean;
  /** [m, 2]: rows of `distributions`, or `UNIFORM`. */
  readonly pairs: Int32Array;
}

/**
 * The optimal transport of one pair; undefined where a distribution is all 0, which costs nothing.
 *
 * @throws DataError TRANSPORT_MASSES, TRANSPORT_COST, TRANSPORT_PIVOT_LIMIT, each naming the pair
 */
export function solveTask(tasks: TransportTasks, index: number): TransportSolution | undefined {
  const { cost, stationary } = tasks;
  const first = distribution(tasks, tasks.pairs[2 * index]!);
  const second = distribution(tasks, tasks.pairs[2 * index + 1]!);
  if (isEmpty(first) || isEmpty(second)) return undefined;
  const where = `optimal transport, pair ${index} (${nameOf(tasks.pairs[2 * index]!)} and ${nameOf(tasks.pairs[2 * index + 1]!)})`;
  return solveTransport(first, second, cost, { massTolerance: MASS_TOLERANCE, stationary, where });
}

const nameOf = (row: number) => (row === UNIFORM ? "the uniform distribution" : `column ${row}`);

function distribution({ points, distributions }: TransportTasks, row: number): Float64Array {
  if (row === UNIFORM) return new Float64Array(points).fill(1 / points);
  return distributions.subarray(row * points, (row + 1) * points);
}

const isEmpty = (masses: Float64Array) => masses.every((mass) => mass === 0);
