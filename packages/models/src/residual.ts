import { add, defineModel, type Key, matmul, ndarray, type ParameterArrays, sizeOf, softmax } from "@semblance/core";
import { z } from "zod";
import { activate, activationKey } from "./activations.js";
import { dense, initDense, parameterOf } from "./dense.js";
import { flatten } from "./flatten.js";
import { relevantComponents } from "./relevant-components.js";

const config = z.strictObject({
  hidden: z.int().min(1).default(256).describe("the width of the hidden layer, 1 or more"),
  activation: activationKey.default("relu").describe("relu, tanh, sigmoid, softplus or none"),
  begin: z
    .enum(["item", "relevant-components"])
    .default("item")
    .describe(
      "what it begins with: the item as it is, or with less of the directions in which training rows differ that belong together",
    ),
  shrinkage: z
    .number()
    .gt(0)
    .max(1)
    .default(0.75)
    .describe("how far relevant-components are drawn back towards the item as it is, above 0; 1 is the item"),
});
type Config = z.infer<typeof config>;

const COMPONENTS = "components";

/**
 * The item itself, and what a hidden layer adds to it: a head for vectors that are good already.
 *
 *     z(x) = x·A·S + f(x·W₁ + b₁)·W₂ + b₂,        p(x) = softmax(z(x))
 *
 * It begins as z(x) = x·A·S, since W₂ and b₂ begin at 0. A is the identity and no parameter, or taken from the training rows by
 * `relevantComponents` and then left as it is. With as many outputs as the item has numbers S is the identity and no parameter; with
 * others it is a random projection, which keeps distances roughly, and is learned like the rest.
 *
 * Shapes       x: [n, …item], flattened to [n, d]; parameters hidden.weight [d, h], hidden.bias [h], head.weight [h, outputs], head.bias
 *              [outputs], skip.weight [d, outputs] where outputs ≠ d, and components [d, d] where it begins with these
 * Outputs      logits z, posteriors; embeddings are z
 * Source       He, Zhang, Ren, Sun, Deep Residual Learning for Image Recognition (CVPR 2016); Johnson, Lindenstrauss (1984);
 *              Bar-Hillel et al., Learning a Mahalanobis Metric from Equivalence Constraints (JMLR 6, 2005)
 */
export const residual = defineModel({
  name: "residual",
  summary: "The item plus what a hidden layer adds to it, nothing at first: a head for vectors that are good already.",
  formula: "z(x) = x·A·S + f(x·W₁ + b₁)·W₂ + b₂, p(x) = softmax(z(x))",
  source: "He, Zhang, Ren, Sun, Deep Residual Learning for Image Recognition (CVPR 2016)",
  config,
  examples: [{}, { hidden: 3, activation: "none" }, { begin: "relevant-components", shrinkage: 0.5 }],
  exampleItems: [[5], [2, 3]],
  inductive: true,
  init(key, { item, outputs }, { hidden }: Config): ParameterArrays {
    const inputs = sizeOf(item);
    const zeros = (...shape: number[]) => ndarray("float64", shape, new Float64Array(sizeOf(shape)));
    return {
      ...initDense(key, "hidden", { inputs, outputs: hidden }),
      "head.weight": zeros(hidden, outputs),
      "head.bias": zeros(outputs),
      ...(inputs === outputs ? {} : { "skip.weight": projection(key, inputs, outputs) }),
    };
  },
  fromData: (rows, { begin, shrinkage }, known): ParameterArrays =>
    begin === "item" ? {} : { [COMPONENTS]: relevantComponents(rows, known, shrinkage) },
  running: ({ begin }) => (begin === "item" ? [] : [COMPONENTS]),
  apply(parameters, x, { activation, begin }: Config, { outputs }) {
    const items = flatten(x);
    const first = begin === "item" ? items : matmul(items, parameterOf(parameters, COMPONENTS));
    const kept = items.shape[1] === outputs ? first : matmul(first, parameterOf(parameters, "skip.weight"));
    const logits = add(kept, dense(parameters, "head", activate(dense(parameters, "hidden", items), activation)));
    return { logits, posteriors: softmax(logits), embeddings: logits };
  },
});

function projection(key: Key, inputs: number, outputs: number) {
  const drawn = key.fold("skip.weight").normal(inputs * outputs);
  return ndarray(
    "float64",
    [inputs, outputs],
    drawn.map((value) => value / Math.sqrt(outputs)),
  );
}
