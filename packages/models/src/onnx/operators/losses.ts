import {
  cast,
  div,
  equal,
  gather,
  gatherElements,
  logSoftmax,
  mean,
  mul,
  neg,
  not,
  reshape,
  sum,
  type Tensor,
  where,
} from "@semblance/core";
import type { Call, Operator } from "../translate/call.js";
import { unsqueezed } from "./broadcasting.js";

/** Losses that files from training hold. Classes lie along the second axis. */
export const losses: Readonly<Record<string, Operator>> = {
  NegativeLogLikelihoodLoss: { translate: (call) => likelihood(call, call.number(0)) },
  SoftmaxCrossEntropyLoss: {
    translate(call) {
      const logarithms = logSoftmax(call.number(0), 1);
      return [likelihood(call, logarithms), logarithms];
    },
  },
};

/** −w_y·log p_y of each label y; the mean divides by the sum of the weights. Labels to ignore count nothing. */
function likelihood(call: Call, logarithms: Tensor): Tensor {
  const labels = call.x(1);
  const ignored = call.maybeInt("ignore_index");
  const skipped = ignored === undefined ? undefined : equal(labels, ignored);
  const own = skipped ? where(skipped, 0, labels) : labels;
  const chosen = gatherElements(logarithms, unsqueezed(own, [1]), 1);
  const terms = neg(reshape(chosen, labels.shape));
  const kept = skipped ? cast(not(skipped), terms.dtype) : undefined;
  const weight = call.has(2) ? gather(call.number(2), own, 0) : undefined;
  const factor = weight && kept ? mul(weight, kept) : (weight ?? kept);
  const weighted = factor ? mul(terms, factor) : terms;
  const reduction = call.text("reduction", "mean");
  if (reduction === "none") return weighted;
  if (reduction === "sum") return sum(weighted);
  return factor ? div(sum(weighted), sum(factor)) : mean(weighted);
}
