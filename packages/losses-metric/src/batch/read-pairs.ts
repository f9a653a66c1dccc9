import { type FloatDType, ShapeError, type Tensor } from "@semblance/core";
import { type PairMasks, pairMasks } from "../pair-masks.js";
import { type Anchors, anchorsOf } from "./anchors.js";

export interface ReadPairs {
  readonly embeddings: Tensor;
  readonly masks: PairMasks;
  readonly anchors: Anchors;
}

/**
 * What a loss over the pairs of a batch was fed.
 *
 * @throws ShapeError EMBEDDINGS_EMPTY without rows; ConfigError SUPERVISION_MISSING, SUPERVISION_TWICE
 */
export function readPairs(inputs: Readonly<Record<string, Tensor>>, loss: string): ReadPairs {
  const { labels, relations } = inputs;
  const embeddings = inputs.embeddings!;
  if (embeddings.shape[0] === 0) {
    throw new ShapeError("EMBEDDINGS_EMPTY", "there are no rows to compare", {
      where: `loss "${loss}"`,
      fix: "Pass a batch of at least one row.",
    });
  }
  const masks = pairMasks({ labels, relations }, { loss, dtype: embeddings.dtype as FloatDType });
  return { embeddings, masks, anchors: anchorsOf(masks) };
}
