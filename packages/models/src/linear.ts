import { defineModel, sizeOf, softmax } from "@semblance/core";
import { z } from "zod";
import { dense, initDense } from "./dense.js";
import { flatten } from "./flatten.js";

/**
 * Logistic regression.
 *
 *     p(x) = softmax(x·W + b)
 *
 * Shapes       x: [n, …item], flattened to [n, d]; parameters head.weight [d, outputs], head.bias [outputs]
 * Outputs      logits, posteriors; embeddings are the flattened items, since nothing comes between them and the head
 */
export const linear = defineModel({
  name: "linear",
  summary: "One linear layer on the flattened item: logistic regression.",
  formula: "p(x) = softmax(x·W + b)",
  config: z.strictObject({}),
  exampleItems: [[5], [2, 3]],
  inductive: true,
  init: (key, { item, outputs }) => initDense(key, "head", { inputs: sizeOf(item), outputs }),
  apply(parameters, x) {
    const embeddings = flatten(x);
    const logits = dense(parameters, "head", embeddings);
    return { logits, posteriors: softmax(logits), embeddings };
  },
});
