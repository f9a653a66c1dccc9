import type { GapRange, MiningBatch } from "@semblance/core";
import { forEachTripletAnchor, type Partners } from "../miners/partners.js";
import { type Chooser, forEachCombination, forEachTriplet, relationIn } from "../mining/chooser.js";
import { divergencesOf, FEW, sumGaps } from "../mining/sum-gaps.js";
import type { Reduction } from "../reduction.js";
import { type AnchorSums, loopHinges, loopSoftHinges } from "./loop-combinations.js";
import { softHinge } from "./soft-margin.js";
import { sumSorted } from "./sum-sorted.js";

/** What a triplet costs: [D(a, p) − D(a, n) + margin]₊, or log(1 + exp(D(a, p) − D(a, n))). */
export interface TripletTerms {
  readonly margin: number;
  readonly softMargin: boolean;
  /** Whether D(p, n) stands for D(a, n) where it is smaller. */
  readonly swap: boolean;
  readonly reduction: Reduction;
}

export interface FoldedTriplets {
  readonly value: number;
  /** [n·n]: the gradient of the value by the divergences. */
  readonly coefficients: Float64Array;
  /** How many triplets there were. */
  readonly count: number;
}

const NOTHING = { term: 0, slope: 0 };
/**
 * The terms of the triplets of a batch, folded, with the gradient by the divergences d [n·n]: in float64, without a tensor of n³
 * numbers. Of all triplets with a hinge the cost is O(n² log n), and of those that are chosen by their gaps in the very divergences of
 * the terms; otherwise there is one step a triplet.
 */
export function foldTriplets(
  d: ArrayLike<number>,
  batch: MiningBatch,
  chooser: Chooser | undefined,
  terms: TripletTerms,
): FoldedTriplets {
  const sums = new TripletSums(d, batch, terms);
  const { gaps } = chooser ?? {};
  if (gaps && !batch.relations && !terms.softMargin && !terms.swap && isSame(d, batch.divergences)) {
    forEachTripletAnchor(batch, (partners) => sums.addGaps(partners, gaps));
  } else if (chooser?.tuples === "triplets") {
    // Of a mean of anchors' means the weight of an anchor must be known before its terms are added.
    const weights = terms.reduction === "per-anchor" ? anchorWeights(batch, chooser) : undefined;
    forEachTriplet(batch, chooser, (a, p, n) => sums.addTriplet(a, p, n, weights ? 1 / weights[a]! : 1));
    if (weights) sums.anchors = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
  } else {
    forEachCombination(batch, chooser, (partners) => sums.addCombinations(partners));
  }
  return sums.folded();
}

/** By anchor, the weight of its triplets. */
export function anchorWeights(batch: MiningBatch, chooser: Chooser | undefined): Float64Array {
  const relation = relationIn(batch);
  const weights = new Float64Array(batch.rows);
  forEachTriplet(batch, chooser, (a, p, n) => {
    weights[a]! -= relation(a, p) * relation(a, n);
  });
  return weights;
}

class TripletSums {
  anchors = 0;
  readonly #coefficients: Float64Array;
  readonly #rows: number;
  readonly #relation: (row: number, other: number) => number;
  #total = 0;
  #valid = 0;
  #above = 0;
  #count = 0;

  constructor(
    private readonly d: ArrayLike<number>,
    private readonly batch: MiningBatch,
    private readonly terms: TripletTerms,
  ) {
    this.#rows = batch.rows;
    this.#coefficients = new Float64Array(batch.rows ** 2);
    this.#relation = relationIn(batch);
  }

  /** @param scale what the terms of this anchor are multiplied by */
  addTriplet(anchor: number, positive: number, negative: number, scale: number): void {
    const weight = this.batch.relations ? -this.#relation(anchor, positive) * this.#relation(anchor, negative) : 1;
    const first = anchor * this.#rows + positive;
    const second = negativePlace(this.d, this.#rows, [anchor, positive, negative], this.terms.swap);
    this.#count++;
    this.#valid += weight;
    this.#addTerm(first, second, weight, scale);
  }

  /** The terms of all combinations of an anchor's positives and negatives. */
  addCombinations(partners: Partners): void {
    const { anchor, positives, negatives } = partners;
    const { reduction } = this.terms;
    const weightOf = (rows: Int32Array) => rows.reduce((sum, row) => sum + Math.abs(this.#relation(anchor, row)), 0);
    const degrees = this.batch.relations !== undefined;
    const weight = degrees ? weightOf(positives) * weightOf(negatives) : positives.length * negatives.length;
    const scale = reduction === "per-anchor" ? 1 / weight : 1;
    this.anchors++;
    if (degrees) {
      for (const positive of positives) {
        for (const negative of negatives) this.addTriplet(anchor, positive, negative, scale);
      }
      return;
    }
    this.#count += weight;
    this.#valid += weight;
    const { total, above } = this.#combine(partners, scale);
    this.#total += total * scale;
    this.#above += above;
  }

  /** The terms of an anchor's triplets that are chosen by their gaps. */
  addGaps({ anchor, positives, negatives }: Partners, gaps: GapRange): void {
    const start = anchor * this.#rows;
    const [near, far] = [positives, negatives].map((rows) => divergencesOf(this.d, start, rows));
    const sums = sumGaps(near!, far!, gaps, this.terms.margin);
    if (sums.chosen === 0) return;
    const scale = this.terms.reduction === "per-anchor" ? 1 / sums.chosen : 1;
    this.anchors++;
    this.#count += sums.chosen;
    this.#valid += sums.chosen;
    this.#total += sums.total * scale;
    this.#above += sums.above;
    this.#addSlopes(start, positives, sums.ofPositives, scale);
    this.#addSlopes(start, negatives, sums.ofNegatives, -scale);
  }

  #combine(partners: Partners, scale: number): AnchorSums {
    const { positives, negatives } = partners;
    const { margin, softMargin, swap } = this.terms;
    const loop = { d: this.d, rows: this.#rows, margin, swap, scale, coefficients: this.#coefficients };
    if (softMargin) return loopSoftHinges(partners, loop);
    if (swap || Math.min(positives.length, negatives.length) <= FEW) return loopHinges(partners, loop);
    const start = partners.anchor * this.#rows;
    const sums = sumSorted(
      divergencesOf(this.d, start, positives).map((d) => d + margin),
      divergencesOf(this.d, start, negatives),
    );
    this.#addSlopes(start, positives, sums.below, scale);
    this.#addSlopes(start, negatives, sums.over, -scale);
    return sums;
  }

  #addSlopes(start: number, rows: Int32Array, counts: Float64Array, scale: number): void {
    for (let at = 0; at < rows.length; at++) this.#coefficients[start + rows[at]!]! += counts[at]! * scale;
  }

  #addTerm(first: number, second: number, weight: number, scale: number): void {
    const { softMargin, margin } = this.terms;
    // In this order the corner of the hinge is where the sorted sums have it.
    const z = softMargin ? this.d[first]! - this.d[second]! : this.d[first]! + margin - this.d[second]!;
    const { term, slope } = softMargin ? softHinge(z) : z > 0 ? { term: z, slope: 1 } : NOTHING;
    if (term > 0) this.#above += weight;
    this.#total += weight * scale * term;
    this.#coefficients[first]! += weight * scale * slope;
    this.#coefficients[second]! -= weight * scale * slope;
  }

  folded(): FoldedTriplets {
    const factor = factorOf(this.terms.reduction, { valid: this.#valid, above: this.#above, anchors: this.anchors });
    const coefficients = this.#coefficients;
    for (let at = 0; at < coefficients.length; at++) coefficients[at]! *= factor;
    return { value: this.#total * factor, coefficients, count: this.#count };
  }
}

function isSame(d: ArrayLike<number>, others: ArrayLike<number>): boolean {
  for (let at = 0; at < d.length; at++) if (d[at] !== others[at]) return false;
  return true;
}

/** The place of D(a, n), or of D(p, n) where that is swapped in. */
export function negativePlace(
  d: ArrayLike<number>,
  rows: number,
  [anchor, positive, negative]: readonly [number, number, number],
  swap: boolean,
): number {
  const own = anchor * rows + negative;
  const swapped = positive * rows + negative;
  return swap && d[swapped]! < d[own]! ? swapped : own;
}

/** What a sum of terms is multiplied by: one over the weight of valid terms, of those above 0, or over the number of anchors. */
export function factorOf(
  reduction: Reduction,
  { valid, above, anchors }: { readonly valid: number; readonly above: number; readonly anchors: number },
): number {
  switch (reduction) {
    case "sum":
      return 1;
    case "mean-valid":
      return valid > 0 ? 1 / valid : 0;
    case "mean-nonzero":
      return above > 0 ? 1 / above : 0;
    case "per-anchor":
      return anchors > 0 ? 1 / anchors : 0;
    default:
      return reduction satisfies never;
  }
}
