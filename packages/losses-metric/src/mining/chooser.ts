import type { BoundMiner, MiningBatch, NdArray } from "@semblance/core";
import { forEachTripletAnchor, type Partners } from "../miners/partners.js";

/** What chooses tuples of a batch: a miner whose configuration is settled, or one that a loss brings along. */
export type Chooser = Pick<BoundMiner, "tuples" | "choose" | "gaps">;

/** Visits triplets; asked twice, the same ones. */
export type TripletVisitor = (anchor: number, positive: number, negative: number) => void;

export interface BatchArrays {
  /** Labels [n] of int32, or relations [n, n]. */
  readonly supervision: NdArray;
  /** What the chooser compares rows by [n, n]. */
  readonly divergences: NdArray;
  readonly noise?: NdArray | undefined;
  readonly width: number;
  readonly fallback?: (draws: number) => void;
}

/** A batch as miners see it. */
export function miningBatch({ supervision, divergences, noise, width, fallback }: BatchArrays): MiningBatch {
  const rows = supervision.shape[0]!;
  const byLabels = supervision.shape.length === 1;
  return {
    rows,
    width,
    divergences: divergences.data,
    ...(byLabels
      ? { labels: supervision.data }
      : { labels: Int32Array.from({ length: rows }, (_, row) => row), relations: supervision.data }),
    ...(noise && { noise: noise.data }),
    ...(fallback && { fallback }),
  };
}

/** How a batch relates two rows: 1 alike, −1 different, 0 unknown, degrees between. */
export function relationIn({ labels, relations, rows }: MiningBatch): (row: number, other: number) => number {
  if (relations) return (row, other) => (row === other ? 0 : relations[row * rows + other]!);
  return (row, other) => (row === other ? 0 : labels[row] === labels[other] ? 1 : -1);
}

/**
 * The triplets of a batch: all without a chooser, its own, or all combinations of the pairs that it chooses. What a chooser takes
 * against what the batch says of itself is left out.
 */
export function forEachTriplet(batch: MiningBatch, chooser: Chooser | undefined, visit: TripletVisitor): void {
  if (chooser?.tuples === "triplets") {
    const relation = relationIn(batch);
    chooser.choose(batch, (anchor, positive, negative) => {
      if (relation(anchor, positive) > 0 && relation(anchor, negative!) < 0) visit(anchor, positive, negative!);
    });
    return;
  }
  forEachCombination(batch, chooser, ({ anchor, positives, negatives }) => {
    for (const positive of positives) for (const negative of negatives) visit(anchor, positive, negative);
  });
}

/** The anchors whose positives and negatives combine to triplets: of a chooser of pairs those that it kept, without one all. */
export function forEachCombination(
  batch: MiningBatch,
  chooser: Chooser | undefined,
  visit: (partners: Partners) => void,
): void {
  if (!chooser) {
    forEachTripletAnchor(batch, visit);
    return;
  }
  const { rows } = batch;
  const kept = new Uint8Array(rows * rows);
  chooser.choose(batch, (anchor, other) => {
    kept[anchor * rows + other] = 1;
  });
  forEachTripletAnchor(batch, ({ anchor, positives, negatives }) => {
    const isKept = (row: number) => kept[anchor * rows + row] === 1;
    const partners = { anchor, positives: positives.filter(isKept), negatives: negatives.filter(isKept) };
    if (partners.positives.length > 0 && partners.negatives.length > 0) visit(partners);
  });
}
