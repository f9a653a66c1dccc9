import { indexArray, type NeighbourGraph } from "./neighbour-graph.js";

export interface HopCounts {
  /** [n, n]: the fewest steps between two vertices, 2n where there is no path. */
  readonly hops: Uint16Array;
  /** Parts between which there is no path. */
  readonly components: number;
  /** Components of a single vertex. */
  readonly isolated: number;
}

/** 32-bit words of sources that are searched from together. */
const WORDS = 8;
const SOURCES = 32 * WORDS;

/**
 * The fewest steps between all pairs of vertices, by breadth-first searches from 256 vertices at a time: a bit each says which searches
 * have seen a vertex, so that one walk over its neighbours serves them all. Vertices are renumbered in the order of a breadth-first
 * search, for sources that are near walk together, and neighbours that are near lie together in memory.
 *
 * Source   Then et al., The More the Merrier: Efficient Multi-Source Graph Traversal, PVLDB 8 (2014)
 */
export function hopCounts(graph: NeighbourGraph): HopCounts {
  const { n } = graph;
  const { order, sizes } = components(graph);
  const renumbered = renumber(graph, order);
  const hops = new Uint16Array(n * n).fill(2 * n);
  let first = 0;
  for (const size of sizes) {
    const end = first + size;
    for (let at = first; at < end; at += SOURCES) {
      const search = new Search(renumbered, { first, end }, at, Math.min(end, at + SOURCES));
      search.run((source, vertex, steps) => {
        hops[order[source]! * n + order[vertex]!] = steps;
      });
    }
    first = end;
  }
  return { hops, components: sizes.length, isolated: sizes.filter((size) => size === 1).length };
}

/** All vertices, component after component, each in the order of a breadth-first search. */
function components({ n, starts, neighbours }: NeighbourGraph): { order: Int32Array; sizes: number[] } {
  const order = new Int32Array(n);
  const seen = new Uint8Array(n);
  const sizes: number[] = [];
  let [head, tail] = [0, 0];
  for (let root = 0; root < n; root++) {
    if (seen[root]) continue;
    const first = tail;
    seen[root] = 1;
    order[tail++] = root;
    for (; head < tail; head++) {
      const vertex = order[head]!;
      for (let at = starts[vertex]!; at < starts[vertex + 1]!; at++) {
        const other = neighbours[at]!;
        if (seen[other]) continue;
        seen[other] = 1;
        order[tail++] = other;
      }
    }
    sizes.push(tail - first);
  }
  return { order, sizes };
}

/** The same graph with vertex `order[k]` called k. */
function renumber({ n, starts, neighbours }: NeighbourGraph, order: Int32Array): NeighbourGraph {
  const name = new Int32Array(n);
  order.forEach((vertex, k) => {
    name[vertex] = k;
  });
  const newStarts = new Float64Array(n + 1);
  const renamed = indexArray(n, neighbours.length);
  let end = 0;
  for (let k = 0; k < n; k++) {
    const vertex = order[k]!;
    const from = end;
    for (let at = starts[vertex]!; at < starts[vertex + 1]!; at++) renamed[end++] = name[neighbours[at]!]!;
    renamed.subarray(from, end).sort();
    newStarts[k + 1] = end;
  }
  return { n, starts: newStarts, neighbours: renamed };
}

/** The searches from sources `from` … `to` − 1 through the vertices `first` … `end` − 1 of their component. */
class Search {
  readonly #size: number;
  readonly #seen: Int32Array;
  #frontier: Int32Array;
  #next: Int32Array;
  /** 1 where all searches have seen a vertex: nothing more can be told to it. */
  readonly #done: Uint8Array;

  constructor(
    private readonly graph: NeighbourGraph,
    private readonly component: { readonly first: number; readonly end: number },
    private readonly from: number,
    private readonly to: number,
  ) {
    this.#size = component.end - component.first;
    this.#seen = new Int32Array(component.end * WORDS);
    this.#frontier = new Int32Array(component.end * WORDS);
    this.#next = new Int32Array(component.end * WORDS);
    this.#done = new Uint8Array(component.end);
  }

  run(found: (source: number, vertex: number, steps: number) => void): void {
    const { from, to } = this;
    for (let source = from; source < to; source++) {
      const at = source * WORDS + ((source - from) >>> 5);
      this.#seen[at]! |= 1 << (source - from);
      this.#frontier[at] = this.#seen[at]!;
      found(source, source, 0);
    }
    let unseen = (to - from) * (this.#size - 1);
    let active = Int32Array.from({ length: to - from }, (_, k) => from + k);
    for (let steps = 1; unseen > 0; steps++) {
      this.#next.fill(0);
      for (const vertex of active) this.#push(vertex);
      const reached = new Int32Array(this.#size);
      let count = 0;
      for (let vertex = this.component.first; vertex < this.component.end; vertex++) {
        const fresh = this.#settle(vertex, steps, found);
        if (fresh > 0) reached[count++] = vertex;
        unseen -= fresh;
      }
      active = reached.subarray(0, count);
      [this.#frontier, this.#next] = [this.#next, this.#frontier];
    }
  }

  /** Tells all neighbours of a vertex which searches stand at it. Written out for the words: this is where the time goes. */
  #push(vertex: number): void {
    const { starts, neighbours } = this.graph;
    const frontier = this.#frontier;
    const next = this.#next;
    const done = this.#done;
    const own = vertex * WORDS;
    const [a, b, c, d] = [frontier[own]!, frontier[own + 1]!, frontier[own + 2]!, frontier[own + 3]!];
    const [e, f, g, h] = [frontier[own + 4]!, frontier[own + 5]!, frontier[own + 6]!, frontier[own + 7]!];
    const end = starts[vertex + 1]!;
    for (let at = starts[vertex]!; at < end; at++) {
      const neighbour = neighbours[at]!;
      if (done[neighbour]) continue;
      const other = neighbour * WORDS;
      next[other]! |= a;
      next[other + 1]! |= b;
      next[other + 2]! |= c;
      next[other + 3]! |= d;
      next[other + 4]! |= e;
      next[other + 5]! |= f;
      next[other + 6]! |= g;
      next[other + 7]! |= h;
    }
  }

  /** Leaves in `next` which searches come to a vertex for the first time, and says how many do. */
  #settle(vertex: number, steps: number, found: (source: number, vertex: number, steps: number) => void): number {
    if (this.#done[vertex]) return 0;
    const seen = this.#seen;
    const next = this.#next;
    let arrived = 0;
    let missing = 0;
    for (let word = 0; word < WORDS; word++) {
      const at = vertex * WORDS + word;
      const fresh = next[at]! & ~seen[at]!;
      next[at] = fresh;
      seen[at]! |= fresh;
      missing |= ~seen[at]! & this.#mask(word);
      for (let rest = fresh; rest !== 0; rest &= rest - 1) {
        found(this.from + 32 * word + 31 - Math.clz32(rest & -rest), vertex, steps);
        arrived++;
      }
    }
    if (missing === 0) this.#done[vertex] = 1;
    return arrived;
  }

  /** The bits of a word that stand for sources. */
  #mask(word: number): number {
    const sources = this.to - this.from - 32 * word;
    return sources >= 32 ? -1 : sources <= 0 ? 0 : 2 ** sources - 1;
  }
}
