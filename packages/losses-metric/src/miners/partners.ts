import type { MiningBatch } from "@semblance/core";

/** The other rows of a batch, as an anchor sees them. */
export interface Partners {
  readonly anchor: number;
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
}

/** Visits each row of a batch with the rows that are known to belong with it and those that are known not to, in ascending order. */
export function forEachAnchor(
  { rows, labels, relations }: Pick<MiningBatch, "rows" | "labels" | "relations">,
  visit: (partners: Partners) => void,
): void {
  const positives = new Int32Array(rows);
  const negatives = new Int32Array(rows);
  for (let anchor = 0; anchor < rows; anchor++) {
    let [alike, different] = [0, 0];
    for (let other = 0; other < rows; other++) {
      if (other === anchor) continue;
      const relation = relations ? relations[anchor * rows + other]! : labels[anchor] === labels[other] ? 1 : -1;
      if (relation > 0) positives[alike++] = other;
      else if (relation < 0) negatives[different++] = other;
    }
    visit({ anchor, positives: positives.slice(0, alike), negatives: negatives.slice(0, different) });
  }
}

/** The same for rows that have both: others are no anchors of triplets. */
export function forEachTripletAnchor(
  batch: Pick<MiningBatch, "rows" | "labels" | "relations">,
  visit: (partners: Partners) => void,
): void {
  forEachAnchor(batch, (partners) => {
    if (partners.positives.length > 0 && partners.negatives.length > 0) visit(partners);
  });
}

/** The row among some for which a number is largest; the first of several. */
export function largestOf(rows: Int32Array, valueOf: (row: number) => number): number {
  let best = rows[0]!;
  for (const row of rows) if (valueOf(row) > valueOf(best)) best = row;
  return best;
}
