import { callHost, convert, defineHostOperator, type NdArray, ndarray } from "@semblance/core";

interface AngularAttributes {
  /** tan²α */
  readonly tangent: number;
}

/**
 * log(1 + Σ_{n ∈ N_a} exp f_apn) for each positive pair, one triplet after another: S, positive, negative [n, n] → [n, n].
 *
 *     f_apn = 4t (S_an + S_pn) − 2 (1 + t) S_ap
 *
 * Shifted by its largest exponent each, so that no length of the rows overflows; computed in float64.
 */
export const angularOperator = defineHostOperator<AngularAttributes>({
  name: "angular-terms",
  infer: ([similarity]) => [{ dtype: similarity!.dtype, shape: similarity!.shape }],
  run([similarity, positive, negative], { tangent }) {
    const terms = new Float64Array(similarity!.data.length);
    forEachPair({ similarity: similarity!, positive: positive!, negative: negative!, tangent }, (pair) => {
      terms[pair.at] = pair.term;
    });
    return [ndarray(similarity!.dtype, similarity!.shape, convert(similarity!.dtype, terms))];
  },
  vjp({ inputs, cotangents: [dy], attributes }) {
    if (!dy) return [null, null, null];
    return [callHost(angularSlopes, [...inputs, dy], attributes)[0]!, null, null];
  },
});

/** The cotangent of S from that of the terms; each exponent weighs exp(f − term). */
const angularSlopes = defineHostOperator<AngularAttributes>({
  name: "angular-slopes",
  infer: ([similarity]) => [{ dtype: similarity!.dtype, shape: similarity!.shape }],
  run([similarity, positive, negative, cotangent], { tangent }) {
    const size = similarity!.shape[0]!;
    const slopes = new Float64Array(size * size);
    forEachPair({ similarity: similarity!, positive: positive!, negative: negative!, tangent }, (pair) => {
      const { anchor, other, at, term, negatives, exponents } = pair;
      const dy = cotangent!.data[at]!;
      if (dy === 0) return;
      let total = 0;
      for (let k = 0; k < negatives.length; k++) {
        const slope = dy * Math.exp(exponents[k]! - term);
        total += slope;
        slopes[anchor * size + negatives[k]!]! += 4 * tangent * slope;
        slopes[other * size + negatives[k]!]! += 4 * tangent * slope;
      }
      slopes[at]! -= 2 * (1 + tangent) * total;
    });
    return [ndarray(similarity!.dtype, similarity!.shape, convert(similarity!.dtype, slopes))];
  },
});

interface Batch extends AngularAttributes {
  readonly similarity: NdArray;
  readonly positive: NdArray;
  readonly negative: NdArray;
}

interface Pair {
  readonly anchor: number;
  readonly other: number;
  /** Where the pair stands in a matrix of pairs. */
  readonly at: number;
  readonly term: number;
  readonly negatives: readonly number[];
  /** f of each negative; overwritten by the next pair. */
  readonly exponents: Float64Array;
}

function forEachPair({ similarity, positive, negative, tangent }: Batch, visit: (pair: Pair) => void): void {
  const size = similarity.shape[0]!;
  const s = similarity.data;
  const exponents = new Float64Array(size);
  for (let anchor = 0; anchor < size; anchor++) {
    const row = anchor * size;
    const negatives = Array.from({ length: size }, (_, k) => k).filter((k) => negative.data[row + k]! > 0);
    if (negatives.length === 0) continue;
    for (let other = 0; other < size; other++) {
      const at = row + other;
      if (!(positive.data[at]! > 0)) continue;
      let largest = 0;
      negatives.forEach((k, index) => {
        const exponent = 4 * tangent * (s[row + k]! + s[other * size + k]!) - 2 * (1 + tangent) * s[at]!;
        exponents[index] = exponent;
        if (exponent > largest) largest = exponent;
      });
      let total = Math.exp(-largest);
      for (let index = 0; index < negatives.length; index++) total += Math.exp(exponents[index]! - largest);
      visit({ anchor, other, at, term: largest + Math.log(total), negatives, exponents });
    }
  }
}
