import { arcsAtNodes } from "./arcs-at-nodes.js";

/** Arcs row → column with the flow on each; those of a basis form a spanning tree of all rows and columns. */
export interface TransportArcs {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly flows: Float64Array;
}

/**
 * A spanning tree of the bipartite graph with its flows and potentials: a basis of the transportation simplex.
 *
 * Nodes are rows 0 … r − 1 and columns r … r + c − 1. Each node but the root keeps the arc to its parent, so an arc's direction
 * follows from the node: a row sends to its parent, a column receives from it. Children are linked lists.
 *
 * The tree stays **strongly feasible**: from every node some flow could still go up to the root, that is, an empty arc hangs a row
 * from a column, never a column from a row. With the choice of the leaving arc in `pivot` this rules out cycling at ties.
 *
 * Source   Cunningham, A network simplex method, Mathematical Programming 11 (1976); Ahuja, Magnanti, Orlin, Network Flows, ch. 11
 */
export class TransportTree {
  readonly parent: Int32Array;
  /** How many nodes hang from a node, itself among them. */
  readonly size: Int32Array;
  /** Flow on the arc between a node and its parent. */
  readonly flow: Float64Array;
  /** f of the rows, then g of the columns: fᵢ + gⱼ = costᵢⱼ on the arcs of the tree. */
  readonly potential: Float64Array;
  /** The two parts of `potential`. */
  readonly rowPotentials: Float64Array;
  readonly columnPotentials: Float64Array;
  readonly #firstChild: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #stack: Int32Array;

  /**
   * @param cost [r, c], row-major
   * @param arcs the r + c − 1 arcs of a strongly feasible tree
   * @param root the column to hang the tree from
   */
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly cost: Float64Array,
    arcs: TransportArcs,
    readonly root: number,
  ) {
    const nodes = rows + columns;
    this.parent = new Int32Array(nodes).fill(-1);
    this.size = new Int32Array(nodes).fill(1);
    this.flow = new Float64Array(nodes);
    this.potential = new Float64Array(nodes);
    this.rowPotentials = this.potential.subarray(0, rows);
    this.columnPotentials = this.potential.subarray(rows);
    this.#firstChild = new Int32Array(nodes).fill(-1);
    this.#next = new Int32Array(nodes).fill(-1);
    this.#previous = new Int32Array(nodes).fill(-1);
    this.#stack = new Int32Array(nodes);
    this.#hang(arcs);
    this.settlePotentials();
  }

  /** costᵢⱼ − fᵢ − gⱼ: what a unit more on an arc costs, all else following. */
  reducedCost(row: number, column: number): number {
    return this.cost[row * this.columns + column]! - this.rowPotentials[row]! - this.columnPotentials[column]!;
  }

  /** The arcs of the tree, by node. */
  arcs(): TransportArcs {
    const { parent, flow, rows } = this;
    const size = parent.length - 1;
    const arcs = { rows: new Int32Array(size), columns: new Int32Array(size), flows: new Float64Array(size) };
    for (let node = 0, at = 0; node < parent.length; node++) {
      const above = parent[node]!;
      if (above < 0) continue;
      arcs.rows[at] = node < rows ? node : above;
      arcs.columns[at] = (node < rows ? above : node) - rows;
      arcs.flows[at++] = flow[node]!;
    }
    return arcs;
  }

  /**
   * Computes all potentials anew, each along its own path from the root: whatever rounding earlier pivots left is gone, and a tree's
   * potentials depend on nothing but the tree.
   */
  settlePotentials(): void {
    const { potential, parent, cost, rows, columns } = this;
    const next = this.#next;
    const firstChild = this.#firstChild;
    const stack = this.#stack;
    potential[this.root] = 0;
    stack[0] = this.root;
    for (let size = 1; size > 0; ) {
      const node = stack[--size]!;
      if (node !== this.root) {
        const above = parent[node]!;
        const arc = node < rows ? node * columns + above - rows : above * columns + node - rows;
        potential[node] = cost[arc]! - potential[above]!;
      }
      for (let child = firstChild[node]!; child >= 0; child = next[child]!) stack[size++] = child;
    }
  }

  /**
   * Brings the arc from a row to a column into the tree: flow is sent round the cycle that it closes until an arc runs empty, and
   * that arc leaves. `reduced` is the arc's reduced cost, negative.
   */
  pivot(row: number, column: number, reduced: number): void {
    const { parent, size, flow, rows } = this;
    const other = column + rows;
    // The last arc to run empty on the way round the cycle, from its top down to the row, over the new arc, and up again: where both
    // sides tie, the one on the column's side that lies highest; on the row's side the one that lies lowest.
    let leaving = -1;
    let room = Number.POSITIVE_INFINITY;
    let fromColumn = -1;
    let roomAtColumn = Number.POSITIVE_INFINITY;
    let left = row;
    let right = other;
    while (left !== right) {
      // The one with fewer nodes below it cannot be above the other.
      if (size[left]! <= size[right]!) {
        if (left < rows && flow[left]! < room) {
          room = flow[left]!;
          leaving = left;
        }
        left = parent[left]!;
      } else {
        if (right >= rows && flow[right]! <= roomAtColumn) {
          roomAtColumn = flow[right]!;
          fromColumn = right;
        }
        right = parent[right]!;
      }
    }
    const columnMoves = roomAtColumn <= room;
    const amount = columnMoves ? roomAtColumn : room;
    const top = left;
    if (amount > 0) {
      for (let node = row; node !== top; node = parent[node]!) flow[node]! += node < rows ? -amount : amount;
      for (let node = other; node !== top; node = parent[node]!) flow[node]! += node < rows ? amount : -amount;
    }
    if (columnMoves) this.#rehang(other, row, { cut: fromColumn, top, amount, reduced });
    else this.#rehang(row, other, { cut: leaving, top, amount, reduced });
  }

  /** Hangs the part of the tree below the arc of `cut` from `above`, by its node `start`; `top` stays above both places. */
  #rehang(start: number, above: number, { cut, top, amount, reduced }: Move): void {
    const { parent, size, flow, rows } = this;
    const firstChild = this.#firstChild;
    const next = this.#next;
    const previous = this.#previous;
    const moved = size[cut]!;
    for (let node = parent[cut]!; node !== top; node = parent[node]!) size[node]! -= moved;
    for (let node = above; node !== top; node = parent[node]!) size[node]! += moved;
    // The path from start up to the cut turns round: each node's parent becomes its child, and the arcs' flows move down by one.
    let node = start;
    let newParent = above;
    let carried = amount;
    let below = 0;
    for (;;) {
      const oldParent = parent[node]!;
      const oldFlow = flow[node]!;
      const before = previous[node]!;
      const after = next[node]!;
      if (before >= 0) next[before] = after;
      else firstChild[oldParent] = after;
      if (after >= 0) previous[after] = before;
      const sibling = firstChild[newParent]!;
      next[node] = sibling;
      previous[node] = -1;
      if (sibling >= 0) previous[sibling] = node;
      firstChild[newParent] = node;
      parent[node] = newParent;
      flow[node] = carried;
      // All that moves hangs from a node of the path but what hung below its former child.
      const oldSize = size[node]!;
      size[node] = moved - below;
      below = oldSize;
      if (node === cut) break;
      carried = oldFlow;
      newParent = node;
      node = oldParent;
    }
    // Between the two parts potentials change, rows one way and columns the other, so that the arcs within each stay tight. Only the
    // difference counts, so the smaller part takes it.
    const onRows = start < rows ? reduced : -reduced;
    if (2 * moved <= parent.length) this.#shift(start, onRows, -1);
    else this.#shift(this.root, -onRows, start);
  }

  /** Adds to the potentials of rows, and takes from those of columns, from a node down, leaving out the part below another. */
  #shift(from: number, onRows: number, without: number): void {
    const { potential, rows } = this;
    const firstChild = this.#firstChild;
    const next = this.#next;
    const stack = this.#stack;
    stack[0] = from;
    for (let size = 1; size > 0; ) {
      const at = stack[--size]!;
      potential[at]! += at < rows ? onRows : -onRows;
      for (let child = firstChild[at]!; child >= 0; child = next[child]!) if (child !== without) stack[size++] = child;
    }
  }

  /** Makes the tree from its arcs, from the root down. */
  #hang(given: TransportArcs): void {
    const { rows: from, columns: to, flows } = given;
    const { rows, parent, size: sizes, flow } = this;
    const nodes = parent.length;
    const { start, arcs } = arcsAtNodes(given, rows, nodes);
    const stack = this.#stack;
    const order = new Int32Array(nodes);
    let reached = 0;
    stack[0] = this.root;
    for (let size = 1; size > 0; ) {
      const node = stack[--size]!;
      for (let at = start[node]!; at < start[node + 1]!; at++) {
        const arc = arcs[at]!;
        const child = node < rows ? to[arc]! + rows : from[arc]!;
        if (child === parent[node]!) continue;
        parent[child] = node;
        order[reached++] = child;
        flow[child] = flows[arc]!;
        const sibling = this.#firstChild[node]!;
        this.#next[child] = sibling;
        if (sibling >= 0) this.#previous[sibling] = child;
        this.#firstChild[node] = child;
        stack[size++] = child;
      }
    }
    while (reached > 0) {
      const child = order[--reached]!;
      sizes[parent[child]!]! += sizes[child]!;
    }
  }
}

/** What a pivot does beside the place: the node below the arc that leaves, the top of the cycle, the flow sent, the reduced cost. */
interface Move {
  readonly cut: number;
  readonly top: number;
  readonly amount: number;
  readonly reduced: number;
}
