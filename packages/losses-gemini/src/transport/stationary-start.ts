import { type PivotBudget, pivotWhileCheaper } from "./network-simplex.js";
import { type EarlierArcs, startingArcs, type UnitProblem } from "./starting-arcs.js";
import { type TransportArcs, TransportTree } from "./transport-tree.js";

/** Arcs of a strongly feasible tree, and the column that it hangs from. */
export interface Start {
  readonly arcs: TransportArcs;
  readonly root: number;
}

export interface StationaryOptions {
  readonly tolerance: number;
  readonly budget: PivotBudget;
  readonly earlier?: EarlierArcs | undefined;
}

/**
 * A first plan for masses on the same points, where staying costs least: what both marginals have at a point stays there, and only the
 * excess of some points moves, optimally, to where there is too little.
 *
 * That is the whole problem wherever the triangle inequality holds: the simplex then finds nothing left to do. It is a quarter of the
 * arcs at most, and far less where one side is concentrated, as a cluster's weights are. For other costs it is a start like any other.
 *
 * @param problem of as many rows as columns, of which rows[p] and columns[p] are the same point for each p of `shared`
 */
export function stationaryStart(
  problem: UnitProblem,
  shared: Pairing,
  { tolerance, budget, earlier }: StationaryOptions,
): Start {
  const { rows, columns, cost, supply, demand } = problem;
  const sources: number[] = [];
  const sinks: number[] = [];
  for (let row = 0; row < rows; row++) {
    const column = shared.columnOf[row]!;
    if (column < 0 || supply[row]! > demand[column]!) sources.push(row);
  }
  for (let column = 0; column < columns; column++) {
    const row = shared.rowOf[column]!;
    if (row < 0 || demand[column]! > supply[row]!) sinks.push(column);
  }
  const arcs = new ArcList(rows + columns - 1);
  const f = new Float64Array(rows).fill(Number.NaN);
  const g = new Float64Array(columns).fill(Number.NaN);
  let root: number;
  if (sources.length > 0) {
    const excess = movingProblem(problem, shared, sources, sinks);
    const hub = largest(excess.demand);
    const tree = new TransportTree(
      excess.rows,
      excess.columns,
      excess.cost,
      startingArcs(excess, hub, earlier && within(earlier, sources, sinks, problem)),
      excess.rows + hub,
    );
    pivotWhileCheaper(tree, tolerance, budget);
    const moved = tree.arcs();
    for (let arc = 0; arc < moved.flows.length; arc++)
      arcs.add(sources[moved.rows[arc]!]!, sinks[moved.columns[arc]!]!, moved.flows[arc]!);
    sources.forEach((row, at) => {
      f[row] = tree.potential[at]!;
    });
    sinks.forEach((column, at) => {
      g[column] = tree.potential[sources.length + at]!;
    });
    root = sinks[hub]!;
  } else {
    // Nothing moves at all: some point holds the tree together.
    root = 0;
    g[0] = 0;
    sinks.push(0);
  }
  for (let row = 0; row < rows; row++) {
    const column = shared.columnOf[row]!;
    if (column < 0) continue;
    if (Number.isNaN(f[row]!) && Number.isNaN(g[column]!)) {
      // As much comes as goes: the point hangs from the sink that it would send to first, by an empty arc.
      let price = Number.POSITIVE_INFINITY;
      let nearest = -1;
      for (const sink of sinks) {
        const here = cost[row * columns + sink]! - g[sink]!;
        if (here < price) {
          price = here;
          nearest = sink;
        }
      }
      arcs.add(row, nearest, 0);
    }
    arcs.add(row, column, Math.min(supply[row]!, demand[column]!));
  }
  return { arcs: arcs.done(), root };
}

/** Which row and column are the same point; −1 where the other side has no atom there. */
export interface Pairing {
  readonly columnOf: Int32Array;
  readonly rowOf: Int32Array;
}

/** The arcs between sources and sinks, in their positions. */
function within(
  { rows, columns }: EarlierArcs,
  sources: readonly number[],
  sinks: readonly number[],
  problem: UnitProblem,
): EarlierArcs {
  const source = new Int32Array(problem.rows).fill(-1);
  const sink = new Int32Array(problem.columns).fill(-1);
  sources.forEach((row, at) => {
    source[row] = at;
  });
  sinks.forEach((column, at) => {
    sink[column] = at;
  });
  const kept = rows.map((_, arc) => arc).filter((arc) => source[rows[arc]!]! >= 0 && sink[columns[arc]!]! >= 0);
  return { rows: kept.map((arc) => source[rows[arc]!]!), columns: kept.map((arc) => sink[columns[arc]!]!) };
}

export function largest(values: Float64Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[at]!) at = i;
  return at;
}

function movingProblem(
  { columns, cost, supply, demand }: UnitProblem,
  { columnOf, rowOf }: Pairing,
  sources: readonly number[],
  sinks: readonly number[],
): UnitProblem {
  const part = new Float64Array(sources.length * sinks.length);
  let at = 0;
  for (const row of sources) for (const column of sinks) part[at++] = cost[row * columns + column]!;
  return {
    rows: sources.length,
    columns: sinks.length,
    cost: part,
    supply: Float64Array.from(sources, (row) => supply[row]! - (demand[columnOf[row]!] ?? 0)),
    demand: Float64Array.from(sinks, (column) => demand[column]! - (supply[rowOf[column]!] ?? 0)),
  };
}

class ArcList implements TransportArcs {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly flows: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.rows = new Int32Array(capacity);
    this.columns = new Int32Array(capacity);
    this.flows = new Float64Array(capacity);
  }

  add(row: number, column: number, flow: number): void {
    this.rows[this.#size] = row;
    this.columns[this.#size] = column;
    this.flows[this.#size++] = flow;
  }

  done(): TransportArcs {
    return this;
  }
}
