import { defineModel, gather, ndarray, softmax } from "@semblance/core";
import { z } from "zod";
import { parameterOf } from "./dense.js";

/**
 * Free posteriors: the logits of every training row are the parameters.
 *
 *     p(xᵢ) = softmax(θᵢ),   θ ~ N(0, 1)
 *
 * Shapes       parameters logits θ: [rows, outputs]; a batch takes the rows that its indices name
 * Outputs      logits, posteriors; no embeddings
 * Not inductive: there is nothing to apply to rows that it was not trained on
 * Source       Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, section 5.1
 */
export const categorical = defineModel({
  name: "categorical",
  summary: "Free cluster probabilities for each training row; cannot predict for new rows.",
  formula: "p(xᵢ) = softmax(θᵢ)",
  source: "Ohl et al., NeurIPS 2022, section 5.1",
  config: z.strictObject({}),
  inductive: false,
  init: (key, { rows, outputs }) => ({
    logits: ndarray("float64", [rows, outputs], key.fold("logits").normal(rows * outputs)),
  }),
  apply(parameters, _, __, { indices }) {
    const logits = gather(parameterOf(parameters, "logits"), indices, 0);
    return { logits, posteriors: softmax(logits) };
  },
});
