import { ConfigError, DataError } from "@semblance/core";
import { commonSum, largestCost, requireCosts } from "./masses.js";

export interface SinkhornOptions {
  /** ε > 0, in the unit of the costs: how much the entropy counts. */
  readonly regularisation: number;
  /** Largest |Tᵀ1 − b| summed over the second's atoms at which it stops, as a share of all mass; 1e−9 unless given. */
  readonly tolerance?: number;
  /** Sweeps after which it gives up with an error; 10 000 unless given. */
  readonly sweepLimit?: number;
}

export interface SinkhornSolution {
  /** ⟨T, cost⟩ for the entropic plan: above the exact cost, and not a metric. */
  readonly transportCost: number;
  /** ⟨T, cost⟩ + ε Σ Tᵢⱼ log(Tᵢⱼ / aᵢbⱼ), a and b scaled to sum to 1 beside T/mass: what it minimises. */
  readonly regularisedCost: number;
  /** T [n, m], row-major. */
  readonly plan: Float64Array;
  readonly sweeps: number;
}

const WHERE = "sinkhorn";

/**
 * Entropic optimal transport by Sinkhorn's sweeps in the log domain. **Not** the exact value: it is smoothed by ε, whatever the number
 * of sweeps. `solveTransport` is exact.
 *
 *     min ⟨T, cost⟩ + ε KL(T | a bᵀ)   over   T ≥ 0,  T·1 = a,  Tᵀ·1 = b
 *
 * Shapes   first a: [n]; second b: [m]; cost: [n, m] row-major
 * Domain   masses ≥ 0 with equal sums up to rounding, finite costs
 * Laws     transportCost falls to the exact value as ε does, and rises to that of the plan a bᵀ as ε grows
 * Errors   ShapeError TRANSPORT_SHAPE; DataError TRANSPORT_MASSES, TRANSPORT_COST, SINKHORN_NOT_CONVERGED; ConfigError
 *          SINKHORN_REGULARISATION
 * Source   Cuturi, Sinkhorn Distances, NeurIPS 2013; Peyré, Cuturi, Computational Optimal Transport (2019), section 4.4
 */
export function sinkhorn(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  cost: Float64Array,
  { regularisation, tolerance = 1e-9, sweepLimit = 10_000 }: SinkhornOptions,
): SinkhornSolution {
  const [n, m] = [first.length, second.length];
  requireCosts(n, m, cost.length, WHERE);
  largestCost(cost, m, WHERE);
  const sum = commonSum(first, second, 1e-9, WHERE);
  if (!(regularisation > 0 && regularisation < Number.POSITIVE_INFINITY)) {
    throw new ConfigError("SINKHORN_REGULARISATION", `regularisation is ${regularisation}`, {
      where: WHERE,
      fix: "Pass a positive number in the unit of the costs; for no regularisation use solveTransport.",
    });
  }
  const logFirst = Float64Array.from(first, (mass) => Math.log(mass / sum.first));
  const logSecond = Float64Array.from(second, (mass) => Math.log(mass / sum.second));
  // Scaled potentials: Tᵢⱼ = mass·exp(log aᵢ + log bⱼ + uᵢ + vⱼ − costᵢⱼ/ε).
  const u = new Float64Array(n);
  const v = new Float64Array(m);
  const scaled = cost.map((each) => each / regularisation);
  for (let sweeps = 1; sweeps <= sweepLimit; sweeps++) {
    for (let i = 0; i < n; i++) u[i] = -logSumExp(m, (j) => logSecond[j]! + v[j]! - scaled[i * m + j]!);
    // After the rows fit, the columns' sums say how far it is.
    let off = 0;
    for (let j = 0; j < m; j++) {
      const needed = -logSumExp(n, (i) => logFirst[i]! + u[i]! - scaled[i * m + j]!);
      const share = Math.exp(logSecond[j]!);
      if (share > 0) off += share * Math.abs(Math.expm1(v[j]! - needed));
      v[j] = needed;
    }
    // Asked this way round, NaN never counts as converged.
    if (!(off <= tolerance)) continue;
    return summed({ logFirst, logSecond, u, v, scaled }, { mass: sum.first, regularisation, sweeps });
  }
  throw new DataError("SINKHORN_NOT_CONVERGED", `the marginals still do not fit after ${sweepLimit} sweeps`, {
    where: WHERE,
    fix: "Raise regularisation or sweepLimit, or use solveTransport, which is exact.",
  });
}

interface Potentials {
  readonly logFirst: Float64Array;
  readonly logSecond: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly scaled: Float64Array;
}

function summed(
  { logFirst, logSecond, u, v, scaled }: Potentials,
  { mass, regularisation, sweeps }: { mass: number; regularisation: number; sweeps: number },
): SinkhornSolution {
  const m = v.length;
  let transportCost = 0;
  let divergence = 0;
  const plan = scaled.map((each, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    const ratio = u[i]! + v[j]! - each;
    const moved = mass * Math.exp(logFirst[i]! + logSecond[j]! + ratio);
    if (moved > 0) {
      transportCost += moved * each * regularisation;
      divergence += moved * ratio;
    }
    return moved;
  });
  return { transportCost, regularisedCost: transportCost + regularisation * divergence, plan, sweeps };
}

function logSumExp(count: number, term: (index: number) => number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index++) highest = Math.max(highest, term(index));
  let sum = 0;
  for (let index = 0; index < count; index++) sum += Math.exp(term(index) - highest);
  return highest + Math.log(sum);
}
