import {
  add,
  CheckpointError,
  ConfigError,
  type Key,
  matmul,
  ndarray,
  type ParameterArrays,
  type ParameterTensors,
  ShapeError,
  type Tensor,
} from "@semblance/core";

export interface DenseShape {
  readonly inputs: number;
  readonly outputs: number;
}

/** No typed array holds more elements everywhere. */
const LARGEST = 2 ** 31 - 1;

/**
 * Initial weights of a fully connected layer, `NAME.weight` [inputs, outputs] and `NAME.bias` [outputs].
 *
 *     weight, bias ~ U(−1/√inputs, 1/√inputs)
 *
 * Each array depends on the key and its own name only, so that a layer more does not change the others.
 *
 * Errors   ShapeError LAYER_EMPTY; ConfigError LAYER_TOO_LARGE
 * Source   PyTorch, torch.nn.Linear, the default initialisation
 */
export function initDense(key: Key, name: string, { inputs, outputs }: DenseShape): ParameterArrays {
  const where = `layer "${name}" [${inputs}, ${outputs}]`;
  if (!(inputs > 0 && outputs > 0)) {
    throw new ShapeError("LAYER_EMPTY", `a layer from ${inputs} to ${outputs} numbers cannot be made`, {
      where,
      fix: "Give items at least one feature and the head at least one output.",
    });
  }
  if (inputs * outputs > LARGEST) {
    throw new ConfigError("LAYER_TOO_LARGE", `${inputs * outputs} weights do not fit an array`, {
      where,
      fix: "Make the layer narrower.",
    });
  }
  const bound = 1 / Math.sqrt(inputs);
  const draw = (part: string, shape: readonly number[], length: number) =>
    ndarray("float64", shape, key.fold(`${name}.${part}`).uniform(length, -bound, bound));
  return {
    [`${name}.weight`]: draw("weight", [inputs, outputs], inputs * outputs),
    [`${name}.bias`]: draw("bias", [outputs], outputs),
  };
}

/** A fully connected layer, y = x·W + b: [n, inputs] → [n, outputs]. */
export function dense(parameters: ParameterTensors, name: string, x: Tensor): Tensor {
  return add(matmul(x, parameterOf(parameters, `${name}.weight`)), parameterOf(parameters, `${name}.bias`));
}

/** @throws CheckpointError PARAMETER_MISSING */
export function parameterOf(parameters: ParameterTensors, name: string): Tensor {
  const tensor = parameters[name];
  if (tensor) return tensor;
  throw new CheckpointError("PARAMETER_MISSING", `there is no parameter "${name}"`, {
    where: "applying a model",
    fix: `The parameters belong to another model or configuration; they are: ${Object.keys(parameters).join(", ")}.`,
  });
}
