import type { Shape } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import type { Key } from "../random/key.js";
import type { ArgumentDomain, PointSets } from "./divergence.js";
import type { ComponentReference, Entry } from "./entry.js";
import type { InputDomain, LossLaw, LossLawName } from "./loss-law.js";
import type { GapRange, MiningBatch } from "./miner.js";
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
  /** Whether it is known of some rows that they belong together, without labels. */
  readonly supervised?: boolean;
  /** The width of the embeddings, where the loss takes some. */
  readonly width?: number;
}

/** What is known of a batch before the step is traced. */
export interface BatchFacts {
  readonly rows: number;
  /** The width of the embeddings. */
  readonly width: number;
}

/** Numbers that training draws anew for each step: standard normal, or uniform in [0, 1). */
export interface Draw {
  readonly shape: Shape;
  readonly from: "normal" | "uniform";
}

/** How a loss over a batch follows from losses over its parts. */
export type ShardRule = "sum" | "needs-gather" | "none";

/** What a loss is handed while it is built. */
export interface BuildContext {
  /** A kernel by name or configuration, with its configuration applied. */
  kernel(reference: ComponentReference): BoundKernel;
  /** A distance by name or configuration, with its configuration applied. */
  distance(reference: ComponentReference): BoundDistance;
  /** A divergence by name or configuration, with its configuration applied, and its weights where it learns some. */
  divergence(reference: ComponentReference): BoundDivergence;
  /** A miner by name or configuration, with its configuration applied. */
  miner(reference: ComponentReference): BoundMiner;
  /**
   * Tells training a number of the batch, or one for each output, to watch over an epoch: see `MONITORS` for those that it judges.
   * Elsewhere it does nothing.
   */
  monitor(name: string, value: Tensor): void;
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

/** A divergence whose configuration is settled. */
export interface BoundDivergence {
  readonly name: string;
  readonly symmetric: boolean;
  readonly domain: { readonly first: ArgumentDomain; readonly second: ArgumentDomain };
  /** All pairs of rows: [n, d], [m, d] → [n, m]. */
  matrix(first: Tensor, second: Tensor): Tensor;
  /** Row by row: [n, d], [n, d] → [n]. */
  paired(first: Tensor, second: Tensor): Tensor;
  /** All pairs of sets → [n, m]. */
  sets(first: PointSets, second: PointSets): Tensor;
  /** φ of rows, of a divergence that has one: [n, d] → [n]. */
  generator?(x: Tensor): Tensor;
}

/** A miner whose configuration is settled. */
export interface BoundMiner {
  readonly name: string;
  readonly tuples: "triplets" | "pairs";
  /** Whether it draws, and so reads `noise`. */
  readonly random: boolean;
  /** The matrix [n, n] that it compares the rows of a batch by; no gradient passes. */
  divergences(embeddings: Tensor): Tensor;
  /** Which gaps are chosen, where a triplet is chosen by its gap alone. */
  readonly gaps?: GapRange;
  /** Hands each (anchor, positive, negative) that is chosen to `keep`; of a miner of pairs, each (anchor, other). */
  choose(batch: MiningBatch, keep: (anchor: number, other: number, negative?: number) => void): void;
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
  /**
   * The width of the network's head that this loss asks for: clusters or classes. A loss that leaves it out and reads `embeddings`
   * is given the output of the head itself as embedding, as wide as the user wants it.
   */
  outputs?(config: Config, facts: LossFacts): number | undefined;
  /** Weights that the loss owns, such as proxies. */
  init?(key: Key, config: Config, facts: LossFacts): ParameterArrays;
  /**
   * The kernel or distance whose matrix over the batch the loss takes as its optional input `affinity` [n, n] as well as it computes it
   * from `data`. With it, training computes the matrix once for the whole data set and feeds the part that belongs to a batch; the
   * bound kernel or distance then says `precomputed`.
   */
  affinity?(config: Config): AffinityReference | undefined;
  /** The divergence that the loss compares embeddings by: if it learns weights, training keeps them for it. */
  divergence?(config: Config): ComponentReference | undefined;
  /** Owned weights that no gradient moves, such as centres: `advance` does. */
  running?(config: Config): readonly string[];
  /** The next values of those, from the batch of a step. */
  advance?(inputs: Readonly<Record<string, Tensor>>, config: Config, cx: BuildContext): ParameterTensors;
  /** Inputs that training draws anew for each step, such as the noise of a miner. */
  draws?(config: Config, batch: BatchFacts): Readonly<Record<string, Draw>>;
  /** Inputs that the training step has made, each by the regulariser that supplies it: perturbed posteriors by `vat`, for example. */
  supplied?(config: Config): Readonly<Record<string, ComponentReference>>;
  build(inputs: Readonly<Record<string, Tensor>>, config: Config, cx: BuildContext): Tensor;
}

export function defineLoss<Config>(loss: Omit<Loss<Config>, "kind">): Loss<Config> {
  return { kind: "loss", ...loss };
}
