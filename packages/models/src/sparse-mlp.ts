import { add, defineModel, matmul, sizeOf, softmax } from "@semblance/core";
import { initDense, parameterOf } from "./dense.js";
import { flatten } from "./flatten.js";
import { mlp } from "./mlp.js";

/**
 * A multilayer perceptron with a linear skip connection, for feature selection by the regulariser hierarchical-lasso.
 *
 *     logits = MLP(x) + x·V
 *
 * Shapes       x: [n, …item], flattened to [n, d]; parameters of mlp, and skip.weight V: [d, outputs]
 * Outputs      logits, posteriors; embeddings are those of the perceptron
 * Source       Lemhadri et al., LassoNet: A Neural Network with Feature Sparsity, JMLR 22 (2021), section 2
 */
export const sparseMlp = defineModel({
  ...mlp,
  name: "sparse-mlp",
  summary: "Fully connected layers and a skip connection from the features, for hierarchical-lasso.",
  formula: "logits = MLP(x) + x·V",
  source: "Lemhadri et al., JMLR 22 (2021)",
  examples: [{}, { hidden: [3, 2], activation: ["tanh", "sigmoid"] }],
  init(key, shape, settings) {
    const { "skip.weight": skip } = initDense(key, "skip", { inputs: sizeOf(shape.item), outputs: shape.outputs });
    return { ...mlp.init(key, shape, settings), "skip.weight": skip! };
  },
  apply(parameters, x, settings, cx) {
    const { logits, embeddings } = mlp.apply(parameters, x, settings, cx);
    const sum = add(logits!, matmul(flatten(x), parameterOf(parameters, "skip.weight")));
    return { logits: sum, posteriors: softmax(sum), embeddings: embeddings! };
  },
});
