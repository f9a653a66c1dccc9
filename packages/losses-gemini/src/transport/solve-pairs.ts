import { DataError, type NdArray, ShapeError } from "@semblance/core";
import { looksMetric } from "./looks-metric.js";
import { availableThreads, moduleBeside } from "./node-threads.js";
import { type TransportJob, type TransportTasks, UNIFORM, workOn } from "./transport-job.js";
import { WorkerPool } from "./worker-pool.js";

/**
 * Arcs, over all problems, from which others are asked to help. Measured with two threads, 2 to 45 problems of 12 to 260 points: from
 * 18,000 on with a core free the best turns take 0.5 to 0.8 of one thread's time (two settings nearly all of it), below 10,000 from 0.6
 * to 1.1. In typical turns of that run, on a machine with other work, sharing cost up to 20 %, now and then far more; it was not
 * measured on a quiet one.
 */
const WORTH_SHARING = 20_000;

let pool: WorkerPool | undefined;

/** The pool of this process, made when first needed: importing the package starts nothing. */
function sharedPool(): WorkerPool {
  // The address is kept from bundlers on purpose: those for browsers would make a worker for the browser of it.
  const here = (import.meta as { readonly url?: string }).url;
  pool ??= new WorkerPool(here?.startsWith("file:") ? moduleBeside("./transport-worker.js", here) : undefined);
  return pool;
}

/** Values [m] and potentials [m, n] of m pairs. */
export type PairResults = Pick<TransportJob, "values" | "firstPotentials" | "secondPotentials">;

export interface SolveOptions {
  /** Threads to use, the calling one among them; what the machine has unless given. */
  readonly threads?: number;
  readonly pool?: WorkerPool;
}

/**
 * The transport of all pairs: weights [n, k], cost [n, n], pairs [m, 2] → values [m], potentials [m, n]. Problems are solved by several
 * threads where that pays; the results do not depend on how many.
 *
 * @throws ShapeError TRANSPORT_PAIR; DataError TRANSPORT_MASSES, TRANSPORT_COST, TRANSPORT_PIVOT_LIMIT of the first pair that fails;
 *         BackendError TRANSPORT_WORKER_CRASHED
 */
export async function solvePairs(
  weights: NdArray,
  cost: NdArray,
  pairs: NdArray,
  { threads = availableThreads(), pool = sharedPool() }: SolveOptions = {},
): Promise<PairResults> {
  const count = pairs.shape[0]!;
  const points = weights.shape[0]!;
  const worthwhile = count * points * points >= WORTH_SHARING && pool.available;
  const helpers = worthwhile ? Math.min(threads, count) - 1 : 0;
  const job = jobOf(tasksOf(weights, cost, pairs, helpers > 0), helpers);
  const failures = helpers > 0 ? await pool.solve(job, helpers) : [workOn(job, 0) ?? []].flat();
  const [failure] = [...failures].sort((a, b) => a.pair - b.pair);
  if (!failure) return helpers > 0 ? unshared(job) : job;
  const { code, message, where, fix } = failure;
  throw new DataError(code, message, { ...(where ? { where } : {}), ...(fix ? { fix } : {}) });
}

/** Copies in memory of this thread's own: what follows need not know that others wrote here. */
function unshared({ values, firstPotentials, secondPotentials }: TransportJob): PairResults {
  return {
    values: values.slice(),
    firstPotentials: firstPotentials.slice(),
    secondPotentials: secondPotentials.slice(),
  };
}

/** Inputs in double precision, in shared memory where workers read them. @throws ShapeError TRANSPORT_PAIR */
export function tasksOf(weights: NdArray, cost: NdArray, pairs: NdArray, shared = false): TransportTasks {
  const [points, columns] = weights.shape as [number, number];
  for (const column of pairs.data) {
    if (column === UNIFORM || (column >= 0 && column < columns)) continue;
    throw new ShapeError("TRANSPORT_PAIR", `a pair names column ${column} of ${columns}`, {
      where: "optimal transport",
      fix: `Pairs name columns from 0, or ${UNIFORM} for the uniform distribution.`,
    });
  }
  const distributions = floats(points * columns, shared);
  for (let point = 0, at = 0; point < points; point++)
    for (let column = 0; column < columns; column++) distributions[column * points + point] = weights.data[at++]!;
  const costs = floats(points * points, shared);
  costs.set(cost.data);
  const pairList = integers(pairs.data.length, shared);
  pairList.set(pairs.data);
  return { points, distributions, cost: costs, metric: looksMetric(costs, points), pairs: pairList };
}

function jobOf(tasks: TransportTasks, helpers: number): TransportJob {
  const count = tasks.pairs.length / 2;
  const shared = helpers > 0;
  return {
    ...tasks,
    values: floats(count, shared),
    firstPotentials: floats(count * tasks.points, shared),
    secondPotentials: floats(count * tasks.points, shared),
    next: integers(1, shared),
    states: integers(helpers + 1, shared),
  };
}

const floats = (length: number, shared: boolean): Float64Array =>
  shared ? new Float64Array(new SharedArrayBuffer(8 * length)) : new Float64Array(length);

const integers = (length: number, shared: boolean): Int32Array =>
  shared ? new Int32Array(new SharedArrayBuffer(4 * length)) : new Int32Array(length);
