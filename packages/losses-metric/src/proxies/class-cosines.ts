import {
  type BuildContext,
  matmul,
  matrixTranspose,
  normalise,
  reshape,
  sum,
  type Tensor,
  where,
} from "@semblance/core";
import { crossEntropyTerms } from "../cross-entropy-terms.js";
import { classMask } from "./class-mask.js";
import { proxiesOf } from "./owned-proxies.js";

/** Cosines of the angles between rows [n, d] and the weights of the classes [C, d] → [n, C]; 0 for a row of zeros. */
export function classCosines(cx: BuildContext, embeddings: Tensor, name: string): Tensor {
  const weights = proxiesOf(cx, embeddings, name);
  return matmul(normalise(embeddings), matrixTranspose(normalise(weights)));
}

/** Cross-entropy of cosines [n, C] of which each row's own [n] is changed before the softmax → [n]. */
export function marginSoftmaxTerms(
  cosines: Tensor,
  labels: Tensor,
  change: (own: Tensor) => Tensor,
  logitsOf: (cosines: Tensor) => Tensor,
): Tensor {
  const own = classMask(labels, cosines.shape[1]!);
  const changed = change(sum(where(own, cosines, 0), { axes: [1] }));
  return crossEntropyTerms(logitsOf(where(own, reshape(changed, [changed.shape[0]!, 1]), cosines)), labels);
}
