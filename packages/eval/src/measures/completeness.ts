import { homogeneity } from "./homogeneity.js";

/**
 * Completeness: how far each class lies in a single cluster.
 *
 *     c = I(y; p) / H(p)        truth, predicted: [n] → [0, 1]
 *
 * Edges    one cluster only → 1
 * Errors   LENGTHS_DIFFER, LABEL_NOT_INTEGER
 * Source   Rosenberg, Hirschberg, "V-Measure", EMNLP-CoNLL 2007
 */
export function completeness(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return homogeneity(predicted, truth);
}
