import type { NdArray } from "@semblance/core";
import { tasksOf } from "./solve-pairs.js";
import { planOf } from "./transport-job.js";

/** Σₘ yₘ Tₘ [n, n] over the optimal plans of m pairs: weights [n, k], cost [n, n], pairs [m, 2], factors y [m]. */
export function sumOfPlans(weights: NdArray, cost: NdArray, pairs: NdArray, factors: NdArray): Float64Array {
  const tasks = tasksOf(weights, cost, pairs);
  const sum = new Float64Array(tasks.cost.length);
  factors.data.forEach((factor, index) => {
    if (factor === 0) return;
    const plan = planOf(tasks, index)?.plan;
    plan?.masses.forEach((mass, arc) => {
      sum[plan.rows[arc]! * tasks.points + plan.columns[arc]!]! += factor * mass;
    });
  });
  return sum;
}
