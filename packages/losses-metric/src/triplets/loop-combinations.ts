import type { Partners } from "../miners/partners.js";
import { softHinge } from "./soft-margin.js";

/** What a loop over the triplets of one anchor reads, and where it adds the gradient. */
export interface AnchorLoop {
  /** [n·n] */
  readonly d: ArrayLike<number>;
  readonly rows: number;
  readonly margin: number;
  readonly swap: boolean;
  /** What every term is multiplied by. */
  readonly scale: number;
  /** [n·n]: takes the gradient by d. */
  readonly coefficients: Float64Array;
}

/** The sum of an anchor's terms, not scaled, and how many are above 0. */
export interface AnchorSums {
  readonly total: number;
  readonly above: number;
}

/** [D(a, p) + m − D(a, n)]₊ of all combinations of an anchor's positives and negatives, one by one. */
export function loopHinges({ anchor, positives, negatives }: Partners, loop: AnchorLoop): AnchorSums {
  const { d, rows, margin, swap, scale, coefficients } = loop;
  const start = anchor * rows;
  let [total, above] = [0, 0];
  for (const positive of positives) {
    // In this order the corner of the hinge is where sorted sums have it.
    const z = d[start + positive]! + margin;
    let violated = 0;
    for (let k = 0; k < negatives.length; k++) {
      let at = start + negatives[k]!;
      if (swap) {
        const other = positive * rows + negatives[k]!;
        if (d[other]! < d[at]!) at = other;
      }
      const term = z - d[at]!;
      if (!(term > 0)) continue;
      total += term;
      violated++;
      coefficients[at]! -= scale;
    }
    above += violated;
    coefficients[start + positive]! += violated * scale;
  }
  return { total, above };
}

/** log(1 + exp(D(a, p) − D(a, n))) of the same. */
export function loopSoftHinges(partners: Partners, loop: AnchorLoop): AnchorSums {
  return factorisedSoftHinges(partners, loop) ?? eachSoftHinge(partners, loop);
}

function eachSoftHinge({ anchor, positives, negatives }: Partners, loop: AnchorLoop): AnchorSums {
  const { d, rows, swap, scale, coefficients } = loop;
  const start = anchor * rows;
  let [total, above] = [0, 0];
  for (const positive of positives) {
    for (const negative of negatives) {
      let at = start + negative;
      const other = positive * rows + negative;
      if (swap && d[other]! < d[at]!) at = other;
      const { term, slope } = softHinge(d[start + positive]! - d[at]!);
      total += term;
      if (term > 0) above++;
      coefficients[start + positive]! += slope * scale;
      coefficients[at]! -= slope * scale;
    }
  }
  return { total, above };
}

/** Exponents up to which a product of two exponentials neither overflows nor vanishes. */
const LARGEST_EXPONENT = 300;
/** Products of 1 + q are kept below this, the root of the largest number, until their logarithm is taken. */
const LARGEST_PRODUCT = 1e150;
/** Below this log(1 + q) is the beginning of its series, to 16 digits: 1 + q would lose the tail. */
const SMALL = 1e-4;

/**
 * The same with q = e^{D(a, p) − c} · e^{c − D(a, n)}: an exponential for each row instead of one for each triplet, and one logarithm
 * for many factors 1 + q. Undefined where an exponential would leave the range, or where D(p, n) takes part.
 */
function factorisedSoftHinges(
  { anchor, positives, negatives }: Partners,
  { d, rows, swap, scale, coefficients }: AnchorLoop,
): AnchorSums | undefined {
  if (swap) return undefined;
  const start = anchor * rows;
  const centre = d[start + positives[0]!]!;
  const outside = (row: number) => !(Math.abs(d[start + row]! - centre) < LARGEST_EXPONENT);
  if (positives.some(outside) || negatives.some(outside)) return undefined;
  const factors = Float64Array.from(negatives, (row) => Math.exp(centre - d[start + row]!));
  const slopes = new Float64Array(negatives.length);
  let [total, product] = [0, 1];
  for (const positive of positives) {
    const own = Math.exp(d[start + positive]! - centre);
    let sum = 0;
    for (let k = 0; k < factors.length; k++) {
      const q = own * factors[k]!;
      const slope = q / (1 + q);
      sum += slope;
      slopes[k]! += slope;
      if (q < SMALL) {
        total += q * (1 - q * (1 / 2 - q * (1 / 3 - q / 4)));
        continue;
      }
      if (q > LARGEST_PRODUCT) {
        total += Math.log(q);
        continue;
      }
      product *= 1 + q;
      if (product > LARGEST_PRODUCT) {
        total += Math.log(product);
        product = 1;
      }
    }
    coefficients[start + positive]! += sum * scale;
  }
  for (let k = 0; k < slopes.length; k++) coefficients[start + negatives[k]!]! -= slopes[k]! * scale;
  return { total: total + Math.log(product), above: positives.length * negatives.length };
}
