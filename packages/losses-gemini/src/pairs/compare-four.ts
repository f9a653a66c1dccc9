import type { CompareFour } from "./compare-all-pairs.js";

/** max |x − y| */
export const chebyshevOfFour: CompareFour = (data, one, others, width, result) => {
  const [second, third, fourth] = [others + width, others + 2 * width, others + 3 * width];
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < width; at++) {
    const x = data[one + at]!;
    a = Math.max(a, Math.abs(x - data[others + at]!));
    b = Math.max(b, Math.abs(x - data[second + at]!));
    c = Math.max(c, Math.abs(x - data[third + at]!));
    d = Math.max(d, Math.abs(x - data[fourth + at]!));
  }
  result[0] = a;
  result[1] = b;
  result[2] = c;
  result[3] = d;
};

/** Less than any float32 number can feel, and its square is a number above 0. */
const NOTHING = 1e-150;

/**
 * Σ (x − y)²/(x + y) with 0/0 = 0, of numbers from 0.
 *
 * A division takes as long as ten other operations, so that two quotients share one: e/s + f/t = (e·t + f·s)/(s·t). What is added to a sum
 * of float32 numbers makes 0/0 a 0 without a branch, which on sparse rows is guessed wrong as often as not, and changes no other sum.
 */
export const chi2OfFour: CompareFour = (data, one, others, width, result) => {
  const [second, third, fourth] = [others + width, others + 2 * width, others + 3 * width];
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < width; at++) {
    const x = data[one + at]!;
    const y = data[others + at]!;
    const z = data[second + at]!;
    const v = data[third + at]!;
    const w = data[fourth + at]!;
    const more = x + NOTHING;
    const [sumY, sumZ, sumV, sumW] = [more + y, more + z, more + v, more + w];
    const left = 1 / (sumY * sumZ);
    const right = 1 / (sumV * sumW);
    a += (x - y) * (x - y) * sumZ * left;
    b += (x - z) * (x - z) * sumY * left;
    c += (x - v) * (x - v) * sumW * right;
    d += (x - w) * (x - w) * sumV * right;
  }
  result[0] = a;
  result[1] = b;
  result[2] = c;
  result[3] = d;
};
