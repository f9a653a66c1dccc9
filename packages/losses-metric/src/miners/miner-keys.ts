import type { MinerComparison } from "@semblance/core";
import { z } from "zod";
import { divergenceKey, normaliseKey, orderKey } from "../pair-keys.js";

/** How a miner compares rows: by the Euclidean distance of unit vectors unless it is told otherwise. */
export const comparisonKeys = {
  divergence: divergenceKey("euclidean"),
  normalise: normaliseKey(true),
  order: orderKey,
} as const;

/** Keys of a miner that has no others. */
export const comparisonConfig = z.strictObject(comparisonKeys);

export const comparisonOf = ({ divergence, normalise, order }: MinerComparison): MinerComparison => ({
  divergence,
  normalise,
  order,
});
