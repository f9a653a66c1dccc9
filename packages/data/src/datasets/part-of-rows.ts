import { type Labels, ndarray, type Supervision, takeRows } from "@semblance/core";
import type { Numbers } from "../tables/table.js";
import type { RawPart } from "./prepare.js";

/** Some rows of a part, in the order given. Relations that reach outside of them are left out. */
export function partOfRows(part: RawPart, rows: Int32Array): RawPart {
  const { features, labels, ids, supervision } = part;
  const { shape, values, whereIs } = features;
  const width = values.length / shape[0]!;
  const taken = new (values.constructor as new (length: number) => Numbers)(rows.length * width);
  rows.forEach((row, at) => taken.set(values.subarray(row * width, (row + 1) * width) as never, at * width));
  return {
    ...part,
    features: {
      ...features,
      shape: [rows.length, ...shape.slice(1)],
      values: taken,
      whereIs: (row, offset) => whereIs(rows[row]!, offset),
    },
    ...(labels ? { labels: { ...labels, indices: rows.map((row) => labels.indices[row]!) } } : {}),
    ...(ids ? { ids: Array.from(rows, (row) => ids[row]!) } : {}),
    ...(supervision ? { supervision: supervisionOfRows(supervision, rows) } : {}),
  };
}

/** The same labels with the classes that have rows alone. */
export function withoutEmptyClasses({ indices, names }: Labels): Labels {
  const used = [...new Set(indices)].sort((a, b) => a - b);
  const to = new Map(used.map((label, index) => [label, index]));
  return { indices: indices.map((label) => to.get(label)!), names: used.map((label) => names[label]!) };
}

/** What a supervision says of some rows, by their new numbers. */
export function supervisionOfRows(supervision: Supervision, rows: Int32Array): Supervision {
  if (supervision.form === "multi-labels") {
    const { memberships } = supervision;
    const { shape, data } = takeRows(memberships, rows);
    return { ...supervision, memberships: ndarray("float32", shape, data) };
  }
  const to = new Map(Array.from(rows, (row, at) => [row, at]));
  const width = supervision.form === "pairs" ? 2 : 3;
  const kept: number[] = [];
  for (let at = 0; at < supervision.rows.length / width; at++) {
    const own = supervision.rows.subarray(at * width, (at + 1) * width);
    if (own.every((row) => to.has(row))) kept.push(at);
  }
  const renumbered = Int32Array.from(
    kept.flatMap((at) => Array.from(supervision.rows.subarray(at * width, (at + 1) * width), (row) => to.get(row)!)),
  );
  if (supervision.form === "triplets") return { form: "triplets", rows: renumbered };
  return {
    ...supervision,
    rows: renumbered,
    similarity: Float32Array.from(kept, (at) => supervision.similarity[at]!),
  };
}
