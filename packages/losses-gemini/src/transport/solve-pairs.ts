import { type NdArray, ShapeError } from "@semblance/core";
import { stayingIsCheapest } from "./stationary-start.js";
import { solveTask, type TransportTasks, UNIFORM } from "./transport-task.js";

/** Values [m] and potentials [m, n] of m pairs. */
export interface PairResults {
  readonly values: Float64Array;
  readonly firstPotentials: Float64Array;
  readonly secondPotentials: Float64Array;
}

/** The transport of all pairs: weights [n, k], cost [n, n], pairs [m, 2]. */
export async function solvePairs(weights: NdArray, cost: NdArray, pairs: NdArray): Promise<PairResults> {
  const tasks = tasksOf(weights, cost, pairs);
  const { points } = tasks;
  const count = tasks.pairs.length / 2;
  const results = {
    values: new Float64Array(count),
    firstPotentials: new Float64Array(count * points),
    secondPotentials: new Float64Array(count * points),
  };
  for (let index = 0; index < count; index++) {
    const solution = solveTask(tasks, index);
    if (!solution) continue;
    results.values[index] = solution.value;
    results.firstPotentials.set(solution.firstPotentials, index * points);
    results.secondPotentials.set(solution.secondPotentials, index * points);
  }
  return results;
}

/** @throws ShapeError TRANSPORT_PAIR */
export function tasksOf(weights: NdArray, cost: NdArray, pairs: NdArray): TransportTasks {
  const [points, columns] = weights.shape as [number, number];
  for (const column of pairs.data) {
    if (column === UNIFORM || (column >= 0 && column < columns)) continue;
    throw new ShapeError("TRANSPORT_PAIR", `a pair names column ${column} of ${columns}`, {
      where: "optimal transport",
      fix: `Pairs name columns from 0, or ${UNIFORM} for the uniform distribution.`,
    });
  }
  const distributions = new Float64Array(points * columns);
  for (let point = 0; point < points; point++)
    for (let column = 0; column < columns; column++)
      distributions[column * points + point] = weights.data[point * columns + column]!;
  const costs = Float64Array.from(cost.data);
  return {
    points,
    distributions,
    cost: costs,
    stationary: stayingIsCheapest(costs, points),
    pairs: pairs.data as Int32Array,
  };
}
