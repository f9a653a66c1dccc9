import { contingency } from "../partitions/contingency.js";
import { partitionInformation } from "../partitions/mutual-information.js";

/**
 * Homogeneity: how far each cluster holds a single class.
 *
 *     h = I(y; p) / H(y)        truth, predicted: [n] → [0, 1]
 *
 * Edges    one class only → 1
 * Laws     homogeneity(y, p) = completeness(p, y)
 * Errors   LENGTHS_DIFFER, LABEL_NOT_INTEGER
 * Source   Rosenberg, Hirschberg, "V-Measure", EMNLP-CoNLL 2007
 */
export function homogeneity(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const { classEntropy, mutual } = partitionInformation(contingency(truth, predicted));
  return classEntropy === 0 ? 1 : mutual / classEntropy;
}
