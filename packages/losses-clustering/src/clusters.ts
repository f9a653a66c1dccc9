import { ConfigError, ShapeError, showShape, type Tensor } from "@semblance/core";
import { z } from "zod";

/** The key of the number of clusters, which these losses can also read off the network's head. */
export const clustersKey = z
  .int()
  .min(1)
  .optional()
  .describe("K, the largest number of clusters, a whole number from 1; the width of the network's head");

/**
 * Checks that rows over clusters are there, and as many clusters as the configuration says.
 *
 * @param what the rows in words, such as `posteriors`
 * @param code of the error for rows or clusters that are none
 * @throws ShapeError with this code; ConfigError CLUSTERS_MISMATCH
 */
export function requireClusters(
  { shape }: Tensor,
  clusters: number | undefined,
  { loss, what, code }: { readonly loss: string; readonly what: string; readonly code: string },
): void {
  const where = `loss "${loss}"`;
  if (shape[0] === 0 || shape[1] === 0) {
    throw new ShapeError(code, `the ${what} are ${showShape(shape)}`, {
      where,
      fix: "Pass at least one row of at least one cluster.",
    });
  }
  if (clusters !== undefined && clusters !== shape[1]) {
    throw new ConfigError("CLUSTERS_MISMATCH", `clusters is ${clusters} and the ${what} have ${shape[1]} columns`, {
      where,
      fix: `Set clusters to ${shape[1]}, or give the model a head of ${clusters}.`,
    });
  }
}
