import { type Dataset, relationsOf, rowsOf } from "@semblance/core";

/** What is known of which rows of a data set belong together. */
export interface KnownRelations {
  /** The class of each row, numbered from 0 without gaps, and what classes are called; of labels only. */
  readonly classes?: { readonly of: Int32Array; readonly names: readonly string[] };
  /** Whether two rows belong together; undefined where nobody said. */
  related(a: number, b: number): boolean | undefined;
  /** Rows that some other row is known to belong to, ascending: what is worth asking for. */
  readonly askable: Int32Array;
  /** Pairs that were told, as pairs or in triplets; without it each pair of rows can be judged. */
  readonly told?: { readonly rows: Int32Array; readonly same: readonly boolean[] };
}

/** Labels where there are some, or else what pairs, triplets or several labels say; undefined where nothing is known. */
export function knownRelations(data: Dataset): KnownRelations | undefined {
  const { labels, supervision } = data;
  const told = toldPairs(supervision);
  if (labels) return { ...byLabels(labels.indices, labels.names), ...(told ? { told } : {}) };
  if (!supervision) return undefined;
  // What training assumes of pairs that nobody named is no knowledge to judge by.
  const relate = relationsOf(supervision.form === "pairs" ? { ...supervision, otherPairs: "unknown" } : supervision);
  const related = (a: number, b: number) => {
    const value = relate(Int32Array.of(a, b))[1]!;
    return value === 0 ? undefined : value > 0;
  };
  if (!told) return { related, askable: Int32Array.from({ length: rowsOf(data) }, (_, row) => row) };
  const asked = new Set(told.same.flatMap((same, pair) => (same ? [told.rows[2 * pair]!] : [])));
  return { related, told, askable: Int32Array.from(asked).sort() };
}

function toldPairs(supervision: Dataset["supervision"]): KnownRelations["told"] {
  if (supervision?.form === "pairs") {
    const { rows, similarity } = supervision;
    // A degree of 0 says nothing.
    const kept = Array.from(similarity.keys()).filter((pair) => similarity[pair] !== 0);
    return {
      rows: Int32Array.from(kept.flatMap((pair) => [rows[2 * pair]!, rows[2 * pair + 1]!])),
      same: kept.map((pair) => similarity[pair]! > 0),
    };
  }
  if (supervision?.form !== "triplets") return undefined;
  const { rows } = supervision;
  const ends: number[] = [];
  for (let at = 0; at < rows.length; at += 3) ends.push(rows[at]!, rows[at + 1]!, rows[at]!, rows[at + 2]!);
  return { rows: Int32Array.from(ends), same: Array.from({ length: ends.length / 2 }, (_, pair) => pair % 2 === 0) };
}

function byLabels(indices: Int32Array, names: readonly string[]): KnownRelations {
  const sizes = new Int32Array(names.length);
  for (const index of indices) sizes[index]! += 1;
  // Marks are given out by number: classes that are not there would use them up.
  const present = Array.from(sizes.keys()).filter((index) => sizes[index]! > 0);
  const place = new Map(present.map((index, at) => [index, at]));
  return {
    classes: { of: indices.map((index) => place.get(index)!), names: present.map((index) => names[index]!) },
    related: (a, b) => indices[a] === indices[b],
    askable: Int32Array.from(indices.keys()).filter((row) => sizes[indices[row]!]! > 1),
  };
}
