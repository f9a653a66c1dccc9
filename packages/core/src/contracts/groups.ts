import type { Dataset } from "./dataset.js";

/**
 * The groups of rows of which it is known that they belong together, each of two rows or more: classes, what pairs of similarity 1 join
 * directly or by a chain (being the same is passed on), anchors of triplets with their positives, rows of the same several classes.
 *
 * Rows are in ascending order, and so are groups by their first row.
 */
export function groupsOf({ labels, supervision }: Pick<Dataset, "labels" | "supervision">): Int32Array[] {
  if (supervision?.form === "pairs") return grouped(chainsOf(supervision));
  if (supervision?.form === "triplets") {
    const chains = new Chains();
    const { rows } = supervision;
    for (let at = 0; at < rows.length; at += 3) chains.join(rows[at]!, rows[at + 1]!);
    return grouped(chains);
  }
  if (supervision) {
    const { shape, data } = supervision.memberships;
    const width = shape[1] ?? 0;
    return gather(Array.from({ length: shape[0]! }, (_, row) => data.subarray(row * width, (row + 1) * width).join()));
  }
  return labels ? gather(labels.indices) : [];
}

/** Sets of rows that grow together (union–find; Tarjan, Efficiency of a Good But Not Linear Set Union Algorithm, 1975). */
export class Chains {
  readonly #before = new Map<number, number>();

  /** The row that stands for all that are joined with this one. */
  of(row: number): number {
    let root = row;
    for (let next = this.#before.get(root); next !== undefined; next = this.#before.get(root)) root = next;
    for (let at = row; at !== root; ) {
      const next = this.#before.get(at)!;
      this.#before.set(at, root);
      at = next;
    }
    return root;
  }

  join(first: number, second: number): void {
    const [a, b] = [this.of(first), this.of(second)];
    if (a !== b) this.#before.set(Math.max(a, b), Math.min(a, b));
  }

  /** Rows that are joined with another, and what they are joined by. */
  joined(): readonly number[] {
    return [...new Set([...this.#before].flat())].sort((a, b) => a - b);
  }
}

/** What pairs of similarity 1 join. */
export function chainsOf({
  rows,
  similarity,
}: {
  readonly rows: Int32Array;
  readonly similarity: Float32Array;
}): Chains {
  const chains = new Chains();
  similarity.forEach((value, pair) => {
    // A degree of similarity is not passed on.
    if (value === 1) chains.join(rows[2 * pair]!, rows[2 * pair + 1]!);
  });
  return chains;
}

function grouped(chains: Chains): Int32Array[] {
  const rows = chains.joined();
  return gather(
    rows.map((row) => chains.of(row)),
    rows,
  );
}

function gather<Name>(names: Iterable<Name>, rows?: readonly number[]): Int32Array[] {
  const members = new Map<Name, number[]>();
  let at = 0;
  for (const name of names) {
    const row = rows?.[at] ?? at;
    const known = members.get(name);
    if (known) known.push(row);
    else members.set(name, [row]);
    at++;
  }
  return [...members.values()].filter(({ length }) => length > 1).map((own) => Int32Array.from(own));
}
