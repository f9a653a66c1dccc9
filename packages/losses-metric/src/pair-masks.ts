import {
  ConfigError,
  cast,
  equal,
  eye,
  type FloatDType,
  mul,
  neg,
  relu,
  reshape,
  sub,
  type Tensor,
} from "@semblance/core";

/** Which rows of a batch belong together and which do not, as weights of ordered pairs [n, n]; the diagonal is in neither. */
export interface PairMasks {
  /** 1 where row and column are alike, or a degree between 0 and 1 where relations are degrees. */
  readonly positive: Tensor;
  /** The same of pairs that differ. What is in neither is unknown, and no term is made of it. */
  readonly negative: Tensor;
}

/** What a batch says of itself, by one of the two. */
export interface PairSupervisionInputs {
  /** [n] of int32. */
  readonly labels?: Tensor | undefined;
  /** [n, n]: 1 similar, −1 dissimilar, 0 unknown, degrees between. */
  readonly relations?: Tensor | undefined;
}

/**
 * The masks of a batch, from its labels or from its relations.
 *
 *     labels      pos = [yᵢ = yⱼ, i ≠ j]          neg = [yᵢ ≠ yⱼ]
 *     relations   pos = max(rᵢⱼ, 0), i ≠ j        neg = max(−rᵢⱼ, 0), i ≠ j
 *
 * @param loss the name of the loss, for the error
 * @param dtype the type of the embeddings
 * @throws ConfigError SUPERVISION_MISSING, SUPERVISION_TWICE
 */
export function pairMasks(
  { labels, relations }: PairSupervisionInputs,
  { loss, dtype }: { readonly loss: string; readonly dtype: FloatDType },
): PairMasks {
  requireOneSupervision({ labels, relations }, loss);
  if (labels) {
    const rows = labels.shape[0]!;
    const same = cast(equal(reshape(labels, [rows, 1]), labels), dtype);
    return { positive: sub(same, eye(rows, dtype)), negative: sub(1, same) };
  }
  const others = sub(1, eye(relations!.shape[0]!, dtype));
  const given = cast(relations!, dtype);
  return { positive: mul(relu(given), others), negative: mul(relu(neg(given)), others) };
}

/** @throws ConfigError SUPERVISION_MISSING, SUPERVISION_TWICE */
export function requireOneSupervision({ labels, relations }: PairSupervisionInputs, loss: string): void {
  if (labels && relations) {
    throw new ConfigError("SUPERVISION_TWICE", "labels and relations are both given, and may contradict each other", {
      where: `loss "${loss}"`,
      fix: "Pass labels [n] or relations [n, n], not both.",
    });
  }
  if (!labels && !relations) {
    throw new ConfigError("SUPERVISION_MISSING", "nothing says which rows belong together", {
      where: `loss "${loss}"`,
      fix: "Pass labels [n], or relations [n, n] with 1 for similar, −1 for dissimilar and 0 for unknown pairs.",
    });
  }
}
