import { gatherElements, logSoftmax, neg, reshape, type Tensor } from "@semblance/core";

/** −log softmax(z)[y] of each row: logits z [n, c], labels y [n] → [n]. */
export function crossEntropyTerms(logits: Tensor, labels: Tensor): Tensor {
  const chosen = gatherElements(logSoftmax(logits), reshape(labels, [labels.shape[0]!, 1]), 1);
  return neg(reshape(chosen, labels.shape));
}
