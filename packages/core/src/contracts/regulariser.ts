import type { FloatDType } from "../arrays/dtype.js";
import type { Shape } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import type { Key } from "../random/key.js";
import type { Arrays } from "./backend.js";
import type { Dataset } from "./dataset.js";
import type { Entry } from "./entry.js";
import type { ModelOutputs, ModelShape } from "./model.js";
import type { ParameterTensors } from "./parameters.js";

/** What a regulariser is made for. */
export interface RegulariserFacts {
  readonly data: Dataset;
  readonly shape: ModelShape;
  readonly model: { readonly name: string; readonly inductive: boolean };
  /** The shapes of the model's weights that gradients move, by name. */
  parameterShapes(): Readonly<Record<string, Shape>>;
}

/** A step as it is seen from outside of the program. */
export interface RegulariserStep {
  /** A key of this step's own. */
  readonly key: Key;
  /** The rows of the batch. */
  readonly indices: Int32Array;
}

/** Arrays that are made anew for each step and fed to the program. */
export interface RegulariserFeeds {
  /** `float` is the backend's floating-point type. */
  readonly specs: Readonly<Record<string, { readonly dtype: "float" | "int32"; readonly shape: Shape }>>;
  /** From the key and the rows alone, so that an interrupted run goes on with the same numbers. */
  fill(step: RegulariserStep): Readonly<Record<string, ArrayLike<number>>>;
}

/** A training step as it is traced. */
export interface RegulariserTensors extends Pick<ModelOutputs, "logits" | "posteriors" | "embeddings"> {
  /** [b, …item] */
  readonly data: Tensor;
  /** [b], int32 */
  readonly indices: Tensor;
  /** [b], int32, where the data have labels and the loss reads them. */
  readonly labels?: Tensor;
  /** The model's weights that gradients move. */
  readonly parameters: ParameterTensors;
  /** What this regulariser's own `feeds` declared. */
  readonly fed: Readonly<Record<string, Tensor>>;
  readonly float: FloatDType;
  /** The model on other rows with the same weights, as in training; running statistics are not moved by it. */
  apply(x: Tensor): ModelOutputs;
}

/** A regulariser at work on one model and one data set. Each part is optional. */
export interface ActiveRegulariser {
  feeds?(batchSize: number): RegulariserFeeds;
  /** A term [] that is minimised beside the loss. */
  term?(step: RegulariserTensors): Tensor;
  /** Tensors that a loss may ask for as inputs, such as posteriors of perturbed rows. */
  supply?(step: RegulariserTensors): Readonly<Record<string, Tensor>>;
  /**
   * The proximal map of stepSize·penalty, applied to the weights after the optimizer moved them: the next values of those that it
   * changes. `stepSize` [] is this step's learning rate times the weight.
   */
  proximal?(parameters: ParameterTensors, stepSize: Tensor): ParameterTensors;
  /** The penalty [] whose proximal map that is, for reports. */
  penalty?(parameters: ParameterTensors): Tensor;
  /** The features that weights make use of, where the regulariser selects features. */
  selected?(parameters: Arrays): readonly number[];
}

/** What training asks for beside the loss: a term of its own, a map applied to the weights after each step, or both. */
export interface Regulariser<Config = unknown> extends Entry<Config> {
  readonly kind: "regulariser";
  /** The weight where a user gives none; 1 by default. */
  readonly defaultWeight?: number;
  /** Fits it to a model and a data set; refuses what cannot work before anything runs. */
  create(facts: RegulariserFacts, config: Config): ActiveRegulariser;
}

export function defineRegulariser<Config>(regulariser: Omit<Regulariser<Config>, "kind">): Regulariser<Config> {
  return { kind: "regulariser", ...regulariser };
}
