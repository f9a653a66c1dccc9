import { isSemblanceError } from "@semblance/core";
import { solveTransport } from "./solve-transport.js";

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
  /** Whether the costs look like a metric's, see `looksMetric`. */
  readonly metric: boolean;
  /** [m, 2]: rows of `distributions`, or `UNIFORM`. */
  readonly pairs: Int32Array;
}

/** Tasks, the place for their results, and who has which: all in memory that several threads may share. */
export interface TransportJob extends TransportTasks {
  /** [m] */
  readonly values: Float64Array;
  /** [m, points] */
  readonly firstPotentials: Float64Array;
  readonly secondPotentials: Float64Array;
  /** The next pair that nobody has taken. */
  readonly next: Int32Array;
  /** By thread: `WAITING`, `WORKING` or `DONE`. */
  readonly states: Int32Array;
}

export const WAITING = 0;
export const WORKING = 1;
export const DONE = 2;

/** An error as a message between threads carries it. */
export interface TransportFailure {
  readonly pair: number;
  readonly code: string;
  readonly message: string;
  readonly where: string | undefined;
  readonly fix: string | undefined;
}

/**
 * Solves pairs of a job until none is left. Threads take pairs in order, so that whoever comes first to a pair that fails knows that all
 * before it are in hand: the failure of the first such pair is always among those that the threads report.
 */
export function workOn(job: TransportJob, thread: number): TransportFailure | undefined {
  const count = job.pairs.length / 2;
  Atomics.store(job.states, thread, WORKING);
  for (;;) {
    const pair = Atomics.add(job.next, 0, 1);
    if (pair >= count) break;
    try {
      solvePair(job, pair);
    } catch (error) {
      if (!isSemblanceError(error)) throw error;
      Atomics.store(job.next, 0, count);
      const { code, message, where, fix } = error;
      return { pair, code, message, where, fix };
    }
  }
  Atomics.store(job.states, thread, DONE);
  return undefined;
}

/** A distribution that is all 0, an empty cluster, costs nothing: its results stay 0. */
function solvePair(job: TransportJob, pair: number): void {
  const solution = planOf(job, pair);
  if (!solution) return;
  job.values[pair] = solution.value;
  job.firstPotentials.set(solution.firstPotentials, pair * job.points);
  job.secondPotentials.set(solution.secondPotentials, pair * job.points);
}

/**
 * The optimal transport of one pair; undefined where a distribution is all 0.
 *
 * @throws DataError TRANSPORT_MASSES, TRANSPORT_COST, TRANSPORT_PIVOT_LIMIT, each naming the pair
 */
export function planOf(tasks: TransportTasks, pair: number) {
  const { cost, metric, pairs } = tasks;
  const [from, to] = [pairs[2 * pair]!, pairs[2 * pair + 1]!];
  const [first, second] = [distribution(tasks, from), distribution(tasks, to)];
  if (isEmpty(first) || isEmpty(second)) return undefined;
  const where = `optimal transport, pair ${pair} (${nameOf(from)} and ${nameOf(to)})`;
  return solveTransport(first, second, cost, { massTolerance: MASS_TOLERANCE, metric, where });
}

const nameOf = (row: number) => (row === UNIFORM ? "the uniform distribution" : `column ${row}`);

function distribution({ points, distributions }: TransportTasks, row: number): Float64Array {
  if (row === UNIFORM) return new Float64Array(points).fill(1 / points);
  return distributions.subarray(row * points, (row + 1) * points);
}

const isEmpty = (masses: Float64Array) => masses.every((mass) => mass === 0);
