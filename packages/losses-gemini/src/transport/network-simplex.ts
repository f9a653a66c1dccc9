import { DataError } from "@semblance/core";
import type { TransportTree } from "./transport-tree.js";

/** Counts pivots over all parts of a solve. */
export class PivotBudget {
  used = 0;

  constructor(
    readonly limit: number,
    readonly where: string,
  ) {}

  /** @throws DataError TRANSPORT_PIVOT_LIMIT */
  spend(): void {
    if (this.used < this.limit) {
      this.used++;
      return;
    }
    throw new DataError("TRANSPORT_PIVOT_LIMIT", `no optimal plan was found within ${this.limit} pivots`, {
      where: this.where,
      fix: "Raise pivotLimit; the masses and costs are otherwise fine.",
    });
  }
}

/**
 * Pivots until no arc is cheaper than the potentials say: costᵢⱼ − fᵢ − gⱼ ≥ −tolerance for all arcs. The last round starts from
 * potentials freshly computed from the tree, so that the rounding of the pivots before does not count.
 */
export function optimiseTree(tree: TransportTree, tolerance: number, budget: PivotBudget): void {
  while (pivotWhileCheaper(tree, tolerance, budget)) tree.settlePotentials();
}

/**
 * Pivots until no arc is cheaper by the potentials as they are. Returns whether it pivoted at all.
 *
 * Arcs are priced in blocks of about √(r·c), going round; the best of the first block that has a candidate enters.
 */
export function pivotWhileCheaper(tree: TransportTree, tolerance: number, budget: PivotBudget): boolean {
  const before = budget.used;
  const pricing = { next: 0 };
  while (enterBest(tree, tolerance, budget, pricing)) {}
  return budget.used > before;
}

function enterBest(tree: TransportTree, tolerance: number, budget: PivotBudget, pricing: { next: number }): boolean {
  const { rows, columns, cost, potential } = tree;
  const arcs = rows * columns;
  const block = Math.max(16, Math.ceil(Math.sqrt(arcs)));
  let arc = pricing.next;
  let row = Math.floor(arc / columns);
  let column = arc - row * columns;
  let best = -tolerance;
  let entering = -1;
  let seen = 0;
  let untilCheck = block;
  while (seen < arcs) {
    const stretch = Math.min(columns - column, untilCheck, arcs - seen);
    const f = potential[row]!;
    const shift = rows + column - arc;
    const end = arc + stretch;
    for (; arc < end; arc++) {
      const reduced = cost[arc]! - f - potential[arc + shift]!;
      if (reduced < best) {
        best = reduced;
        entering = arc;
      }
    }
    seen += stretch;
    untilCheck -= stretch;
    column += stretch;
    if (column === columns) {
      column = 0;
      row++;
      if (row === rows) row = arc = 0;
    }
    if (untilCheck === 0) {
      if (entering >= 0) break;
      untilCheck = block;
    }
  }
  pricing.next = arc;
  if (entering < 0) return false;
  budget.spend();
  const from = Math.floor(entering / columns);
  tree.pivot(from, entering - from * columns, best);
  return true;
}
