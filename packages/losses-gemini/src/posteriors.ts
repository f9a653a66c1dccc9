import { ConfigError, isFloat, type LossLawName, ShapeError, showShape, type Tensor } from "@semblance/core";
import { z } from "zod";

/** The key that every GEMINI has. */
export const clustersKey = z
  .int()
  .min(2)
  .optional()
  .describe("K, the largest number of clusters, a whole number from 2; the width of the network's head");

/**
 * Checks the posteriors that a GEMINI is built on: [n, k], n ≥ 1, k as configured.
 *
 * @throws ShapeError POSTERIORS_INVALID; ConfigError CLUSTERS_MISMATCH
 */
export function requirePosteriors(posteriors: Tensor, clusters: number | undefined, loss: string): void {
  const { shape, dtype } = posteriors;
  const where = `loss "${loss}"`;
  if (shape.length !== 2 || shape[0] === 0 || shape[1] === 0 || !isFloat(dtype)) {
    throw new ShapeError("POSTERIORS_INVALID", `posteriors are ${dtype}${showShape(shape)}`, {
      where,
      fix: "Pass floating-point posteriors [N, K] of at least one row, each row summing to 1.",
    });
  }
  if (clusters !== undefined && clusters !== shape[1]) {
    throw new ConfigError("CLUSTERS_MISMATCH", `clusters is ${clusters} and the posteriors have ${shape[1]} columns`, {
      where,
      fix: `Set clusters to ${shape[1]}, or give the model a head of ${clusters}.`,
    });
  }
}

/** What every GEMINI claims, minimised with its sign turned (specification, section 17). */
export const GEMINI_LAWS = [
  "non-positive",
  "cluster-permutation-invariant",
  "empty-cluster-invariant",
  "zero-when-independent",
] as const satisfies readonly LossLawName[];
