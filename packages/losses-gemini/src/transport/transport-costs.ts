import { callHost, constant, div, greater, ndarray, sum, Tensor, where } from "@semblance/core";
import { UNIFORM } from "./transport-job.js";
import { optimalTransport } from "./transport-operator.js";

/**
 * Which distributions are compared: each column with the uniform distribution (`one-versus-all`), each with each later one
 * (`one-versus-one`, a < b, in the order (0, 1), (0, 2), … (1, 2), …), or the columns that a list or an int32 tensor [m, 2] names, −1
 * standing for the uniform distribution.
 */
export type TransportPairs = "one-versus-all" | "one-versus-one" | readonly (readonly [number, number])[] | Tensor;

/**
 * Exact transport costs between distributions on the same points.
 *
 *     Wₘ = min ⟨T, cost⟩   over   T ≥ 0,  T·1 = aₘ,  Tᵀ·1 = bₘ,   aₘ, bₘ columns of weights, each divided by its sum
 *
 * Shapes   weights: [n, k], not negative; cost: [n, n]; pairs: m of them  →  [m]
 * Gradient by the weights from dual potentials, which is a subgradient where the optimal basis is not unique; by the costs the plan
 * Laws     unchanged by scaling a column; a column that is all 0, an empty cluster, costs 0 and has gradient 0
 * Errors   ShapeError TRANSPORT_SHAPE; when it runs also TRANSPORT_PAIR and DataError TRANSPORT_MASSES, TRANSPORT_COST,
 *          TRANSPORT_PIVOT_LIMIT, as causes of the backend's HOST_OPERATOR_FAILED
 */
export function transportCosts(weights: Tensor, cost: Tensor, pairs: TransportPairs): Tensor {
  const masses = sum(weights, { axes: [0], keepDims: true });
  const distributions = div(weights, where(greater(masses, 0), masses, 1));
  return callHost(optimalTransport, [distributions, cost, pairTensor(pairs, weights.shape[1] ?? 0)], null)[0]!;
}

function pairTensor(pairs: TransportPairs, columns: number): Tensor {
  if (pairs instanceof Tensor) return pairs;
  const list = typeof pairs === "string" ? named(pairs, columns) : pairs;
  return constant(ndarray("int32", [list.length, 2], Int32Array.from(list.flat())));
}

function named(name: "one-versus-all" | "one-versus-one", columns: number): readonly (readonly [number, number])[] {
  const all = Array.from({ length: columns }, (_, column) => column);
  if (name === "one-versus-all") return all.map((column) => [column, UNIFORM] as const);
  return all.flatMap((a) => all.slice(a + 1).map((b) => [a, b] as const));
}
