import type { UnitProblem } from "./starting-arcs.js";
import type { TransportArcs } from "./transport-tree.js";

/**
 * A plan in the making: each arc takes what its row has left or its column still wants, and so closes one of the two. Whatever the
 * order, the r + c − 1 arcs are a spanning tree, and strongly feasible for the root (see `TransportTree`).
 *
 * For the latter amounts are compared as if each row held an infinitesimal more and the root column wanted all of these: of a row and a
 * column that run out together only one is closed, and the other goes on with nothing, on the side where an empty arc may be.
 */
export class Allocation {
  readonly arcs: TransportArcs;
  /** The columns that still want something are the first `openSize`. */
  readonly openColumns: Int32Array;
  openSize: number;
  readonly #left: Float64Array;
  readonly #wanted: Float64Array;
  /** Infinitesimals that rows have left and columns want; a closed row has none, and an open one always some. */
  readonly #leftExtra: Int32Array;
  readonly #wantedExtra: Int32Array;
  readonly #position: Int32Array;
  #size = 0;

  constructor({ rows, columns, supply, demand }: UnitProblem, root: number) {
    const size = rows + columns - 1;
    this.arcs = { rows: new Int32Array(size), columns: new Int32Array(size), flows: new Float64Array(size) };
    this.#left = supply.slice();
    this.#wanted = demand.slice();
    this.#leftExtra = new Int32Array(rows).fill(1);
    this.#wantedExtra = new Int32Array(columns);
    this.#wantedExtra[root] = rows;
    this.openColumns = new Int32Array(columns);
    for (let column = 0; column < columns; column++) this.openColumns[column] = column;
    this.#position = this.openColumns.slice();
    this.openSize = columns;
  }

  get complete(): boolean {
    return this.#size === this.arcs.rows.length;
  }

  /** What the latest arc carries. */
  get lastFlow(): number {
    return this.arcs.flows[this.#size - 1]!;
  }

  hasRow(row: number): boolean {
    return this.#left[row]! > 0 || this.#leftExtra[row]! > 0;
  }

  isOpen(row: number, column: number): boolean {
    return this.hasRow(row) && this.#position[column]! >= 0 && !this.complete;
  }

  /** Makes an arc between an open row and an open column. True where the row is closed by it, false where the column is. */
  send(row: number, column: number): boolean {
    const left = this.#left[row]!;
    const wanted = this.#wanted[column]!;
    const leftExtra = this.#leftExtra[row]!;
    const wantedExtra = this.#wantedExtra[column]!;
    // All is equal only between the last row and the last column.
    const rowEnds = left < wanted || (left === wanted && leftExtra <= wantedExtra);
    const flow = rowEnds ? left : wanted;
    const extra = rowEnds ? leftExtra : wantedExtra;
    this.arcs.rows[this.#size] = row;
    this.arcs.columns[this.#size] = column;
    this.arcs.flows[this.#size++] = flow;
    this.#left[row] = left - flow;
    this.#wanted[column] = wanted - flow;
    this.#leftExtra[row] = leftExtra - extra;
    this.#wantedExtra[column] = wantedExtra - extra;
    if (!rowEnds) this.#close(column);
    return rowEnds;
  }

  #close(column: number): void {
    const position = this.#position[column]!;
    const last = this.openColumns[--this.openSize]!;
    this.openColumns[position] = last;
    this.#position[last] = position;
    this.#position[column] = -1;
  }
}
