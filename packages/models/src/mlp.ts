import { defineModel, type ParameterArrays, sizeOf, softmax, type Tensor } from "@semblance/core";
import { z } from "zod";
import { type Activation, activate, activationKey } from "./activations.js";
import { dense, initDense } from "./dense.js";
import { flatten } from "./flatten.js";

const config = z
  .strictObject({
    hidden: z.array(z.int().min(1)).min(1).default([64]).describe("widths of the hidden layers, each 1 or more"),
    activation: z
      .union([activationKey, z.array(activationKey)])
      .default("relu")
      .describe("relu, tanh, sigmoid, softplus or none, for all hidden layers or as a list with one for each"),
  })
  .refine(({ hidden, activation }) => typeof activation === "string" || activation.length === hidden.length, {
    path: ["activation"],
    message: "a list of activations has one entry for each hidden layer",
  });

type MlpConfig = z.infer<typeof config>;

const layerName = (index: number) => `hidden.${index}`;
const activationAt = ({ activation }: MlpConfig, index: number): Activation =>
  typeof activation === "string" ? activation : activation[index]!;

/**
 * A multilayer perceptron.
 *
 *     h₀ = x,   hᵢ₊₁ = fᵢ(hᵢ·Wᵢ + bᵢ),   p(x) = softmax(h·W + b)
 *
 * Shapes       x: [n, …item], flattened to [n, d]; parameters hidden.i.weight [in, out], hidden.i.bias [out], head.weight, head.bias
 * Outputs      logits, posteriors; embeddings are the last hidden layer after its activation
 * Example      the network of the GEMINI experiments on Gaussian and Student mixtures: hidden [20, 20], activation [tanh, none]
 */
export const mlp = defineModel({
  name: "mlp",
  summary: "Fully connected layers on the flattened item.",
  formula: "hᵢ₊₁ = f(hᵢ·Wᵢ + bᵢ), p(x) = softmax(h·W + b)",
  config,
  examples: [
    {},
    { hidden: [3, 2], activation: ["tanh", "sigmoid"] },
    { hidden: [3], activation: "softplus" },
    { hidden: [4], activation: "none" },
  ],
  exampleItems: [[5], [2, 3]],
  inductive: true,
  init(key, { item, outputs }, { hidden }: MlpConfig) {
    const widths = [sizeOf(item), ...hidden];
    const layers = hidden.map((width, index) =>
      initDense(key, layerName(index), { inputs: widths[index]!, outputs: width }),
    );
    return Object.assign({}, ...layers, initDense(key, "head", { inputs: widths.at(-1)!, outputs })) as ParameterArrays;
  },
  apply(parameters, x, settings) {
    const embeddings = settings.hidden.reduce<Tensor>(
      (h, _, index) => activate(dense(parameters, layerName(index), h), activationAt(settings, index)),
      flatten(x),
    );
    const logits = dense(parameters, "head", embeddings);
    return { logits, posteriors: softmax(logits), embeddings };
  },
});
