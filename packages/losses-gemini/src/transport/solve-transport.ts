import { looksMetric } from "./looks-metric.js";
import { commonSum, largestCost, requireCosts } from "./masses.js";
import { optimiseTree, PivotBudget } from "./network-simplex.js";
import { type EarlierArcs, startingArcs, type UnitProblem } from "./starting-arcs.js";
import { largest, type Pairing, stationaryStart } from "./stationary-start.js";
import { TransportTree } from "./transport-tree.js";
import { TOTAL_UNITS, wholeMasses } from "./whole-masses.js";

export interface TransportOptions {
  /** How many pivots a solve may take before it gives up with an error; 10 000 + 200·(n + m) unless given. */
  readonly pivotLimit?: number;
  /**
   * The plan of a similar problem, to start from its arcs. The value is the same up to rounding; where several plans or potentials are
   * optimal it may be others that come out than from a cold start.
   */
  readonly warmStart?: Pick<TransportPlan, "rows" | "columns">;
  /** Largest relative difference between the two sums that still counts as rounding; 1e−9 unless given. */
  readonly massTolerance?: number;
  /** Whether the costs are a metric's, where the caller knows: they are looked through otherwise. It only matters for speed. */
  readonly metric?: boolean;
  /** What errors name as the place. */
  readonly where?: string;
}

/** A plan by its arcs: mass `masses[a]` goes from atom `rows[a]` of the first to atom `columns[a]` of the second. */
export interface TransportPlan {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly masses: Float64Array;
}

export interface TransportSolution {
  /** Σ Tᵢⱼ costᵢⱼ at the optimum. */
  readonly value: number;
  /** f [n] and g [m]: fᵢ + gⱼ ≤ costᵢⱼ, Σ fᵢ firstᵢ + Σ gⱼ secondⱼ = value; each sum is half of it. */
  readonly firstPotentials: Float64Array;
  readonly secondPotentials: Float64Array;
  /** The arcs of an optimal basis; some may carry nothing. */
  readonly plan: TransportPlan;
  readonly pivots: number;
}

/**
 * Exact optimal transport between two discrete measures, by the network simplex.
 *
 *     W(a, b) = min Σᵢⱼ Tᵢⱼ costᵢⱼ   over   T ≥ 0,  T·1 = a,  Tᵀ·1 = b
 *             = max Σᵢ fᵢ aᵢ + Σⱼ gⱼ bⱼ   over   fᵢ + gⱼ ≤ costᵢⱼ
 *
 * Shapes   first a: [n]; second b: [m]; cost: [n, m] row-major
 * Domain   masses ≥ 0 with equal sums up to rounding, which the second is rescaled to; any finite costs
 * Laws     symmetric in (a, b) with the cost transposed; c·cost gives c·W; with a metric cost W is a metric
 * Gradient f by a and g by b, each up to a constant: masses move along directions that sum to 0. Atoms without mass have the
 *          potential at which a little mass would enter, the largest that is feasible.
 * Errors   ShapeError TRANSPORT_SHAPE; DataError TRANSPORT_MASSES, TRANSPORT_COST, TRANSPORT_PIVOT_LIMIT
 * Source   Peyré, Cuturi, Computational Optimal Transport (2019), section 3.5
 */
export function solveTransport(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  cost: Float64Array,
  options: TransportOptions = {},
): TransportSolution {
  const n = first.length;
  const m = second.length;
  const where = options.where ?? "optimal transport";
  requireCosts(n, m, cost.length, where);
  const scale = largestCost(cost, m, where);
  const sum = commonSum(first, second, options.massTolerance ?? 1e-9, where);
  const from = support(first, sum.first);
  const to = support(second, sum.second);
  const budget = new PivotBudget(options.pivotLimit ?? 10_000 + 200 * (n + m), where);
  const tolerance = 1e-13 * scale;

  const problem: UnitProblem = {
    rows: from.atoms.length,
    columns: to.atoms.length,
    cost: part(cost, m, from.atoms, to.atoms),
    supply: from.units,
    demand: to.units,
  };
  const earlier = options.warmStart && arcsWithin(options.warmStart, from, to);
  const metric = n === m && (options.metric ?? looksMetric(cost, n));
  const start = metric
    ? stationaryStart(problem, pair(from, to), { tolerance, budget, earlier })
    : startAnywhere(problem, earlier);
  const tree = new TransportTree(problem.rows, problem.columns, problem.cost, start.arcs, problem.rows + start.root);
  optimiseTree(tree, tolerance, budget);

  const arcs = tree.arcs();
  const unit = sum.first / TOTAL_UNITS;
  let value = 0;
  for (let arc = 0; arc < arcs.flows.length; arc++)
    value += arcs.flows[arc]! * problem.cost[arcs.rows[arc]! * problem.columns + arcs.columns[arc]!]!;
  value *= unit;
  const { f, g } = extendPotentials(tree, cost, from, to);
  centre(f, g, first, sum.first, value);
  return {
    value,
    firstPotentials: f,
    secondPotentials: g,
    plan: {
      rows: arcs.rows.map((row) => from.atoms[row]!),
      columns: arcs.columns.map((column) => to.atoms[column]!),
      masses: arcs.flows.map((flow) => flow * unit),
    },
    pivots: budget.used,
  };
}

/** The atoms that hold at least one unit, with what they hold. */
interface Support {
  readonly atoms: Int32Array;
  readonly units: Float64Array;
  /** Where an atom is in `atoms`, or −1. */
  readonly at: Int32Array;
}

function support(masses: ArrayLike<number>, sum: number): Support {
  const units = wholeMasses(masses, sum);
  const at = new Int32Array(units.length).fill(-1);
  let size = 0;
  for (let i = 0; i < units.length; i++) if (units[i]! > 0) at[i] = size++;
  const atoms = new Int32Array(size);
  for (let i = 0; i < units.length; i++) if (at[i]! >= 0) atoms[at[i]!] = i;
  return { atoms, units: size === units.length ? units : units.filter((held) => held > 0), at };
}

function pair(from: Support, to: Support): Pairing {
  return {
    columnOf: from.atoms.map((atom) => to.at[atom]!),
    rowOf: to.atoms.map((atom) => from.at[atom]!),
  };
}

function startAnywhere(problem: UnitProblem, earlier: EarlierArcs | undefined) {
  const root = largest(problem.demand);
  return { arcs: startingArcs(problem, root, earlier), root };
}

/** The arcs between atoms that hold something, by their places among these. */
function arcsWithin({ rows, columns }: EarlierArcs, from: Support, to: Support): EarlierArcs {
  const kept = rows.map((_, arc) => arc).filter((arc) => from.at[rows[arc]!]! >= 0 && to.at[columns[arc]!]! >= 0);
  return { rows: kept.map((arc) => from.at[rows[arc]!]!), columns: kept.map((arc) => to.at[columns[arc]!]!) };
}

/** The costs between the atoms that hold something; the matrix itself where all do. */
function part(cost: Float64Array, columns: number, from: Int32Array, to: Int32Array): Float64Array {
  if (from.length * to.length === cost.length) return cost;
  const out = new Float64Array(from.length * to.length);
  let at = 0;
  for (const row of from) for (const column of to) out[at++] = cost[row * columns + column]!;
  return out;
}

/** Potentials for all atoms: those of the tree, and for atoms that hold nothing the largest feasible ones. */
function extendPotentials(tree: TransportTree, cost: Float64Array, from: Support, to: Support) {
  const n = from.at.length;
  const m = to.at.length;
  const f = new Float64Array(n);
  const g = new Float64Array(m);
  from.atoms.forEach((atom, row) => {
    f[atom] = tree.potential[row]!;
  });
  to.atoms.forEach((atom, column) => {
    g[atom] = tree.potential[tree.rows + column]!;
  });
  for (let i = 0; i < n; i++) {
    if (from.at[i]! >= 0) continue;
    let largestFeasible = Number.POSITIVE_INFINITY;
    for (const j of to.atoms) largestFeasible = Math.min(largestFeasible, cost[i * m + j]! - g[j]!);
    f[i] = largestFeasible;
  }
  for (let j = 0; j < m; j++) {
    if (to.at[j]! >= 0) continue;
    let largestFeasible = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) largestFeasible = Math.min(largestFeasible, cost[i * m + j]! - f[i]!);
    g[j] = largestFeasible;
  }
  return { f, g };
}

/** Shifts the free constant so that f and g each explain half of the value. */
function centre(f: Float64Array, g: Float64Array, first: ArrayLike<number>, sum: number, value: number): void {
  let explained = 0;
  for (let i = 0; i < f.length; i++) explained += f[i]! * first[i]!;
  const shift = (value / 2 - explained) / sum;
  for (let i = 0; i < f.length; i++) f[i]! += shift;
  for (let j = 0; j < g.length; j++) g[j]! -= shift;
}
