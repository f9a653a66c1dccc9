import { relu, sigmoid, softplus, type Tensor, tanh } from "@semblance/core";
import { z } from "zod";

/** Elementwise functions between layers, by name. */
const activations = {
  relu,
  tanh,
  sigmoid,
  softplus,
  none: (x: Tensor) => x,
} as const satisfies Record<string, (x: Tensor) => Tensor>;

export type Activation = keyof typeof activations;
const NAMES = Object.keys(activations) as [Activation, ...Activation[]];

export const activationKey = z.enum(NAMES);

export function activate(x: Tensor, activation: Activation): Tensor {
  return activations[activation](x);
}
