import type { Tensor } from "../ir/tensor.js";
import type { Entry } from "./entry.js";

/** One parameter, its gradient, its slots of the optimizer's state and this step's scalars. */
export interface UpdateContext {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly slots: Readonly<Record<string, Tensor>>;
  readonly scalars: Readonly<Record<string, Tensor>>;
}

/** A rule that moves parameters against their gradients. Traced into the training step. */
export interface Optimizer<Config = unknown> extends Entry<Config> {
  readonly kind: "optimizer";
  /** Names of the state kept for each parameter, each of its shape and zero at first. */
  slots(config: Config): readonly string[];
  /** Numbers that change from step to step, computed outside the program in float64; steps count from 1. */
  scalars(step: number, learningRate: number, config: Config): Readonly<Record<string, number>>;
  update(context: UpdateContext, config: Config): { parameter: Tensor; slots: Readonly<Record<string, Tensor>> };
}

export function defineOptimizer<Config>(optimizer: Omit<Optimizer<Config>, "kind">): Optimizer<Config> {
  return { kind: "optimizer", ...optimizer };
}
