import type { Catalogue, ComponentReference, DivergenceOrder } from "@semblance/core";
import { DIVERGENCE_ORDERS } from "@semblance/core";

/** How embeddings are compared: what a loss has learned them for. */
export interface Comparison {
  readonly divergence: ComponentReference;
  /** Whether embeddings are scaled to unit length first. */
  readonly normalise: boolean;
  /** Which argument of the divergence a query is, where nobody says otherwise. */
  readonly order: DivergenceOrder;
}

/**
 * The comparison that a loss trains for: its divergence, and whether it looks at embeddings of unit length. A loss that names no divergence,
 * as those with proxies may, compares by squared Euclidean distance, which orders rows of unit length as the cosine does.
 */
export function comparisonOf(catalogue: Catalogue, loss: ComponentReference): Comparison {
  const { entry, config } = catalogue.choose("loss", loss, "loss");
  const keys = config as { readonly normalise?: unknown; readonly order?: unknown };
  const order = DIVERGENCE_ORDERS.find((each) => each === keys.order);
  return {
    divergence: entry.divergence?.(config) ?? "squared-euclidean",
    normalise: keys.normalise === true,
    order: order ?? "anchor-first",
  };
}
