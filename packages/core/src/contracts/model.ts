import type { NdArray, Shape } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import type { Key } from "../random/key.js";
import type { Dataset } from "./dataset.js";
import type { ComponentReference, Entry } from "./entry.js";
import type { BoundKernel } from "./loss.js";
import type { ParameterArrays, ParameterTensors } from "./parameters.js";

/** What is done with the output of the head where it is the embedding; `normalise` gives rows of unit length. */
export const EMBEDDING_ACTIVATIONS = ["none", "softplus", "sigmoid", "softmax", "normalise"] as const;
export type EmbeddingActivation = (typeof EMBEDDING_ACTIVATIONS)[number];

/** What a model is built for. */
export interface ModelShape {
  /** The shape of one item, without the batch axis. */
  readonly item: Shape;
  /** The width of the head: clusters, classes, or what an embedding is wide. */
  readonly outputs: number;
  /** Set where the output of the head is the embedding itself, as for losses that compare embeddings. */
  readonly embedding?: EmbeddingActivation;
  /** The number of training rows, for models with weights per row. */
  readonly rows: number;
}

export interface ModelContext extends ModelShape {
  readonly training: boolean;
  /** The row number of each item of the batch [n], int32. */
  readonly indices: Tensor;
  /** A kernel by name or configuration; absent where a model is applied outside of a catalogue. */
  readonly kernel?: (reference: ComponentReference) => BoundKernel;
}

/** What a model makes of a batch. */
export interface ModelOutputs {
  /** [n, k], before the softmax. */
  readonly logits?: Tensor;
  /** [n, k], rows on the simplex. */
  readonly posteriors?: Tensor;
  /** [n, d], what comes before the head; or the output of the head, where that is the embedding. */
  readonly embeddings?: Tensor;
  /** Next values of running statistics, by parameter name; only while training. */
  readonly running?: ParameterTensors;
}

/** Which training rows belong together, as far as that is known. */
export type RowRelations = Pick<Dataset, "labels" | "supervision">;

/** A parametric function of a batch. */
export interface Model<Config = unknown> extends Entry<Config> {
  readonly kind: "model";
  /** Whether it can be applied to rows that it was not trained on. */
  readonly inductive: boolean;
  /** Shapes of items to test with, where it does not take vectors of any width. */
  readonly exampleItems?: readonly Shape[];
  init(key: Key, shape: ModelShape, config: Config): ParameterArrays;
  /**
   * Weights that are taken from the training rows [N, …item], such as the rows that a kernel compares with, and from what is known of them.
   * They are named among `running`, so that no gradient moves them.
   */
  fromData?(rows: NdArray, config: Config, known: RowRelations): ParameterArrays;
  /** Names of parameters that no gradient moves: running statistics, and what is taken from the data. */
  running?(config: Config): readonly string[];
  /** The squared norm [] that a penalty on its weights means, where that is not the sum of squares of its weight matrices. */
  squaredNorm?(parameters: ParameterTensors, config: Config, cx: Pick<ModelContext, "kernel">): Tensor;
  apply(parameters: ParameterTensors, x: Tensor, config: Config, cx: ModelContext): ModelOutputs;
}

export function defineModel<Config>(model: Omit<Model<Config>, "kind">): Model<Config> {
  return { kind: "model", ...model };
}
