import { logSoftmax, mean, mul, neg, softmax, sum, type Tensor, xLogY } from "@semblance/core";

/** The two entropies that a mutual information is the difference of, in nats. */
export interface Entropies {
  /** H(Y) = −Σₖ πₖ log πₖ with π the mean of the rows: [] */
  readonly marginal: Tensor;
  /** H(Y|X) = −(1/N) Σᵢ Σₖ pᵢₖ log pᵢₖ: [] */
  readonly conditional: Tensor;
}

/** From posteriors [n, k]; 0·log 0 = 0. */
export function entropiesOfPosteriors(p: Tensor): Entropies {
  return { marginal: entropyOf(mean(p, { axes: [0] })), conditional: mean(neg(sum(xLogY(p, p), { axes: [1] }))) };
}

/** From logits [n, k], whose logarithms stay exact where a posterior underflows. */
export function entropiesOfLogits(z: Tensor): Entropies {
  const p = softmax(z);
  return {
    marginal: entropyOf(mean(p, { axes: [0] })),
    conditional: mean(neg(sum(mul(p, logSoftmax(z)), { axes: [1] }))),
  };
}

const entropyOf = (shares: Tensor) => neg(sum(xLogY(shares, shares)));
