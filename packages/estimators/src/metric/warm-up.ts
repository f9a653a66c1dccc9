import type { Catalogue, ComponentReference, Dataset, StageOptions } from "@semblance/core";
import { comparisonOf } from "./comparison.js";

/** What a warm-up trains with where nothing says otherwise. */
export const WARM_UP_LOSS = "classification/cross-entropy";

/** The divergence whose gradient is 0 wherever rows share an output, as nearly all do at first. */
const HARD = "max-affine";

export interface WarmUpFacts {
  readonly catalogue: Catalogue;
  readonly loss: ComponentReference;
  readonly epochs: number;
  readonly data: Pick<Dataset, "labels">;
  /** How wide the embedding is: cross-entropy needs an output for each class. */
  readonly width: number | undefined;
}

/**
 * The warm-up where nothing is said of it: an epoch of cross-entropy before a loss on the hard divergence, where there are labels, two
 * epochs or more, and an output for each class. None elsewhere.
 */
export function defaultWarmUp({ catalogue, loss, epochs, data, width }: WarmUpFacts): StageOptions | undefined {
  const { entry, config } = catalogue.choose("loss", loss, "loss");
  const { labels } = data;
  if (!labels || epochs < 2 || !entry.divergence?.(config)) return undefined;
  if (width !== undefined && width < labels.names.length) return undefined;
  const { divergence } = comparisonOf(catalogue, loss);
  if ((typeof divergence === "string" ? divergence : divergence.name) !== HARD) return undefined;
  const { config: keys } = catalogue.choose("loss", WARM_UP_LOSS, "warmup");
  return { loss: { name: WARM_UP_LOSS, ...(keys as Record<string, unknown>) }, epochs: 1 };
}
