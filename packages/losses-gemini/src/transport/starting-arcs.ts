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

/**
 * A first plan: rows take turns, and each sends what it can to the cheapest column that still wants some (the modified row-minimum
 * rule). Its r + c − 1 arcs are a strongly feasible tree for the root.
 *
 * Amounts are compared as if each row held an infinitesimal more and the root column wanted all of these: of a row and a column that
 * run out together only one is then done, and the other goes on with nothing, on the side where an empty arc may be.
 *
 * @param hint potentials [columns] to judge columns by, such as those of a similar problem: costs less them are compared
 */
export function startingArcs(problem: UnitProblem, root: number, hint?: Float64Array): TransportArcs {
  const { rows, columns, cost } = problem;
  const left = problem.supply.slice();
  const wanted = problem.demand.slice();
  const leftExtra = new Int32Array(rows).fill(1);
  const wantedExtra = new Int32Array(columns);
  wantedExtra[root] = rows;
  const arcs = {
    rows: new Int32Array(rows + columns - 1),
    columns: new Int32Array(rows + columns - 1),
    flows: new Float64Array(rows + columns - 1),
  };
  const open = Int32Array.from({ length: columns }, (_, column) => column);
  let openColumns = columns;
  const active = Int32Array.from({ length: rows }, (_, row) => row);
  let activeRows = rows;
  let arc = 0;
  while (arc < arcs.rows.length) {
    let kept = 0;
    for (let turn = 0; turn < activeRows; turn++) {
      const row = active[turn]!;
      if (openColumns === 0) break;
      const at = row * columns;
      let cheapest = 0;
      let price = Number.POSITIVE_INFINITY;
      for (let position = 0; position < openColumns; position++) {
        const column = open[position]!;
        const here = hint ? cost[at + column]! - hint[column]! : cost[at + column]!;
        if (here < price) {
          price = here;
          cheapest = position;
        }
      }
      const column = open[cheapest]!;
      const rowEnds =
        left[row]! < wanted[column]! ||
        (left[row]! === wanted[column]! && leftExtra[row]! < wantedExtra[column]!) ||
        (openColumns === 1 && arc < arcs.rows.length);
      const flow = rowEnds ? left[row]! : wanted[column]!;
      const extra = rowEnds ? leftExtra[row]! : wantedExtra[column]!;
      arcs.rows[arc] = row;
      arcs.columns[arc] = column;
      arcs.flows[arc++] = flow;
      left[row]! -= flow;
      wanted[column]! -= flow;
      leftExtra[row]! -= extra;
      wantedExtra[column]! -= extra;
      if (rowEnds) continue;
      open[cheapest] = open[--openColumns]!;
      active[kept++] = row;
    }
    activeRows = kept;
  }
  return arcs;
}
