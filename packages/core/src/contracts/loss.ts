import type { Tensor } from "../ir/tensor.js";
import type { Key } from "../random/key.js";
import type { ComponentReference, Entry } from "./entry.js";
import type { InputDomain, LossLaw, LossLawName } from "./loss-law.js";
import type { ParameterArrays, ParameterTensors } from "./parameters.js";

/** One input of a loss. Axes that share a name share an extent. */
export interface LossInput {
  readonly axes: readonly string[];
  readonly type: "float" | "int32";
  readonly description: string;
  /** Whether the loss can do without it; which ones it then needs depends on its configuration. */
  readonly optional?: boolean;
  /** Whether gradients with respect to it are meaningful. */
  readonly differentiable?: boolean;
  /** What values are legal; real numbers or labels unless it says otherwise. */
  readonly domain?: InputDomain;
}

/** What is known of the data before a loss is built. */
export interface LossFacts {
  readonly rows: number;
  /** The number of distinct labels, where there are labels. */
  readonly classes?: number;
}

/** How a loss over a batch follows from losses over its parts. */
export type ShardRule = "sum" | "needs-gather" | "none";

/** What a loss is handed while it is built. */
export interface BuildContext {
  /** A kernel by name or configuration, with its configuration applied. */
  kernel(reference: ComponentReference): BoundKernel;
  /** A distance by name or configuration, with its configuration applied. */
  distance(reference: ComponentReference): BoundDistance;
  /** The weights that the loss owns; empty for most. */
  readonly parameters: ParameterTensors;
}

/** A kernel whose configuration is settled. */
export interface BoundKernel {
  readonly name: string;
  /** Whether the matrix is the input `affinity`: nothing computes it inside a program, or training has computed it before. */
  readonly precomputed: boolean;
  matrix(x: Tensor, y: Tensor): Tensor;
  /** The explicit feature map, where the kernel has a finite one: matrix(x, y) = features(x)·features(y)ᵀ. */
  readonly features?: (x: Tensor) => Tensor;
}

/** A distance whose configuration is settled. */
export interface BoundDistance {
  readonly name: string;
  /** Whether the matrix is the input `affinity`: nothing computes it inside a program, or training has computed it before. */
  readonly precomputed: boolean;
  matrix(x: Tensor, y: Tensor): Tensor;
}

/** The comparison of rows that a loss reads as its input `affinity`. */
export interface AffinityReference {
  readonly kind: "kernel" | "distance";
  readonly reference: ComponentReference;
}

/** A differentiable objective, always minimised. */
export interface Loss<Config = unknown> extends Entry<Config> {
  readonly kind: "loss";
  readonly inputs: Readonly<Record<string, LossInput>>;
  readonly shards: ShardRule;
  /** The literature's value from the minimised one, where its sign differs: −loss for what the literature maximises. */
  readonly score?: (loss: number) => number;
  /** Laws that the conformance suite tests, named ones and the author's own. That the order of rows does not matter is always one … */
  readonly laws?: readonly (LossLawName | LossLaw)[];
  /** … unless rows have their places, as in anchors that are followed by their positives. */
  readonly orderedRows?: boolean;
  /** Why the gradient is not the derivative of the value, where something is held fixed on purpose: then differences cannot judge it. */
  readonly heldFixed?: string;
  /** The width of the network's head that this loss asks for: clusters or classes. */
  outputs?(config: Config, facts: LossFacts): number | undefined;
  /** Weights that the loss owns, such as proxies. */
  init?(key: Key, config: Config, facts: LossFacts): ParameterArrays;
  /**
   * The kernel or distance whose matrix over the batch the loss takes as its optional input `affinity` [n, n] as well as it computes it
   * from `data`. With it, training computes the matrix once for the whole data set and feeds the part that belongs to a batch; the
   * bound kernel or distance then says `precomputed`.
   */
  affinity?(config: Config): AffinityReference | undefined;
  /** Inputs that the training step has made, each by the regulariser that supplies it: perturbed posteriors by `vat`, for example. */
  supplied?(config: Config): Readonly<Record<string, ComponentReference>>;
  build(inputs: Readonly<Record<string, Tensor>>, config: Config, cx: BuildContext): Tensor;
}

export function defineLoss<Config>(loss: Omit<Loss<Config>, "kind">): Loss<Config> {
  return { kind: "loss", ...loss };
}
