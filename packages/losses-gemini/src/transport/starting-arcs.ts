import { Allocation } from "./allocation.js";
import { leavesFirst } from "./leaves-first.js";
import type { TransportArcs } from "./transport-tree.js";

/** A transportation problem in whole units, every atom with some mass. */
export interface UnitProblem {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns], row-major. */
  readonly cost: Float64Array;
  /** Units at each row and wanted by each column; both sum to the same. */
  readonly supply: Float64Array;
  readonly demand: Float64Array;
}

/** Arcs of an earlier basis, in the rows and columns of a problem. */
export type EarlierArcs = Pick<TransportArcs, "rows" | "columns">;

/**
 * A first plan: along the arcs of an earlier basis where there is one, else the cheaper of two greedy ones. These compare the costs as
 * they are, which suits masses that stay near, and the costs less each column's mean cost over the supply, which suits masses that
 * come from afar.
 */
export function startingArcs(problem: UnitProblem, root: number, earlier?: EarlierArcs): TransportArcs {
  if (earlier) return finished(problem, alongEarlier(problem, root, earlier));
  const plain = finished(problem, new Allocation(problem, root));
  const level = meanCosts(problem);
  return finished(problem, new Allocation(problem, root), { level, above: costOf(problem, plain) }) ?? plain;
}

/**
 * Sends along the arcs of a forest, leaves first. Where its flows are feasible for the new masses that is exactly them; elsewhere what
 * cannot be sent is left to the greedy rule.
 */
function alongEarlier(problem: UnitProblem, root: number, earlier: EarlierArcs): Allocation {
  const allocation = new Allocation(problem, root);
  for (const arc of leavesFirst(earlier, problem.rows, problem.columns)) {
    const [row, column] = [earlier.rows[arc]!, earlier.columns[arc]!];
    if (allocation.isOpen(row, column)) allocation.send(row, column);
  }
  return allocation;
}

/**
 * Rows take turns, and each sends what it can to the cheapest column that still wants some: the modified row-minimum rule.
 *
 * @returns undefined for a race that cannot be won any more
 */
function finished(problem: UnitProblem, allocation: Allocation): TransportArcs;
function finished(problem: UnitProblem, allocation: Allocation, race: Race): TransportArcs | undefined;
function finished(problem: UnitProblem, allocation: Allocation, race?: Race): TransportArcs | undefined {
  const { rows, columns, cost } = problem;
  const { openColumns } = allocation;
  const level = race?.level.means;
  // What the plan costs at least, however the rest goes.
  let bound = race ? race.level.least * race.level.total : 0;
  let active = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => allocation.hasRow(row));
  while (!allocation.complete) {
    let kept = 0;
    for (let turn = 0; turn < active.length && !allocation.complete; turn++) {
      const row = active[turn]!;
      const at = row * columns;
      const size = allocation.openSize;
      let cheapest = 0;
      let price = Number.POSITIVE_INFINITY;
      for (let position = 0; position < size; position++) {
        const column = openColumns[position]!;
        const here = level ? cost[at + column]! - level[column]! : cost[at + column]!;
        if (here < price) {
          price = here;
          cheapest = column;
        }
      }
      if (!allocation.send(row, cheapest)) active[kept++] = row;
      if (!race) continue;
      bound += allocation.lastFlow * (cost[at + cheapest]! - race.level.least);
      if (bound >= race.above) return undefined;
    }
    active = active.subarray(0, kept);
  }
  return allocation.arcs;
}

function meanCosts({ rows, columns, cost, supply }: UnitProblem): Level {
  let total = 0;
  for (let row = 0; row < rows; row++) total += supply[row]!;
  const means = new Float64Array(columns);
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0, arc = 0; row < rows; row++) {
    const share = supply[row]! / total;
    for (let column = 0; column < columns; column++) {
      const here = cost[arc++]!;
      means[column]! += share * here;
      if (here < least) least = here;
    }
  }
  return { means, least, total };
}

function costOf({ columns, cost }: UnitProblem, arcs: TransportArcs): number {
  let total = 0;
  for (let arc = 0; arc < arcs.flows.length; arc++)
    total += arcs.flows[arc]! * cost[arcs.rows[arc]! * columns + arcs.columns[arc]!]!;
  return total;
}

/** Of each column the mean cost, to be taken off before costs are compared; the least cost of all, and the sum of the supply. */
interface Level {
  readonly means: Float64Array;
  readonly least: number;
  readonly total: number;
}

/** A plan by levelled costs that is only wanted if it is cheaper than another: it is given up as soon as it cannot be. */
interface Race {
  readonly level: Level;
  readonly above: number;
}
