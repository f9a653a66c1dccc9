import {
  type ComponentReference,
  ConfigError,
  constant,
  gather,
  mul,
  ndarray,
  reshape,
  slice,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";
import { allPairs } from "./cluster-pairs.js";
import { clusterTransport } from "./cluster-transport.js";
import { distanceInput } from "./comparison-input.js";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { clustersKey } from "./posteriors.js";
import { distanceExamples, distanceInputs, distanceKey } from "./wasserstein-keys.js";

const config = z.strictObject({
  clusters: clustersKey,
  distance: distanceKey,
  pairs: z
    .int()
    .min(1)
    .optional()
    .describe("M, the pairs of clusters that each training step draws, a whole number from 1; all of them without it"),
});

/**
 * Wasserstein GEMINI, one against one. Minimised as −G.
 *
 *     G = Σₐ Σ_b πₐ π_b OT(Aₐ, A_b) = 2 Σ_{a<b} πₐ π_b OT(Aₐ, A_b),   Aᵢₖ = pᵢₖ/(Nπₖ),   πₖ = (1/N) Σᵢ pᵢₖ
 *
 * with the exact transport of the one-vs-all form, k(k − 1)/2 problems. With `pairs` M the sum is over the M pairs that the input `pairs`
 * names, times k(k − 1)/(2M): drawn without replacement, as a training step draws them, its expectation is G.
 *
 * Shapes   posteriors p: [n, k]; data: [n, d] or affinity δ: [n, n]; pairs: [m, 2] with the key `pairs`  →  []
 * Laws     Wasserstein one-vs-all ≤ G ≤ max δ; for a metric G ≤ 2 Wasserstein one-vs-all, equal to it for two clusters; cδ gives c·G; with
 *          δ = 1 − I it is TV one-vs-one; unchanged by permuting rows or columns, by repeating the rows, by splitting a column in
 *          proportion and by empty columns. A cost of 0 has gradient 0
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH, DISTANCE_INPUT_MISSING, DISTANCE_INPUT_CONFLICT, AFFINITY_INVALID, DATA_INVALID,
 *          PAIRS_MISSING, PAIRS_CONFLICT, and those of `transportCosts`
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const wassersteinOvo = defineGemini({
  name: "wasserstein-ovo",
  summary: "What it costs to move one cluster's samples onto another's on average, Wasserstein one-vs-one.",
  formula: "G = 2 Σ_{a<b} πₐ π_b OT(Aₐ, A_b), A = p/(Nπ)",
  config,
  examples: distanceExamples,
  inputs: {
    ...distanceInputs,
    pairs: {
      axes: ["m", "side"],
      type: "int32",
      description: "the pairs of clusters to compare, for pairs: M; training draws them",
      optional: true,
    },
  },
  affinity: ({ distance }) => ({ kind: "distance", reference: distance }),
  supplied({ pairs }): Record<string, ComponentReference> {
    return pairs === undefined ? {} : { pairs: { name: "cluster-pairs", count: pairs } };
  },
  score(p, { data, affinity, pairs: drawn }, { config: { distance, pairs: wanted }, context, loss }) {
    requirePairs(wanted, drawn, loss);
    const bound = context.distance(distance as ComponentReference);
    const cost = distanceInput(bound, { posteriors: p, data, affinity, loss });
    const k = p.shape[1]!;
    const all = (k * (k - 1)) / 2;
    // One cluster has no other.
    if (all === 0) return mul(sum(p), 0);
    const pairs = drawn ?? constant(ndarray("int32", [all, 2], Int32Array.from(allPairs(k).flat())));
    const count = pairs.shape[0]!;
    const shares = reshape(deviationsOf(p).shares, [k]);
    const side = (at: number) => gather(shares, reshape(slice(pairs, { axis: 1, start: at, end: at + 1 }), [count]));
    const moved = mul(mul(side(0), side(1)), clusterTransport(p, cost, pairs));
    return mul(sum(moved), (2 * all) / count);
  },
});

function requirePairs(wanted: number | undefined, drawn: Tensor | undefined, loss: string): void {
  const where = `loss "${loss}"`;
  if (wanted !== undefined && !drawn) {
    throw new ConfigError("PAIRS_MISSING", `pairs is ${wanted} and no pairs are given`, {
      where,
      fix: "Pass the input pairs [M, 2], which training draws; or leave the key out to compare all clusters.",
    });
  }
  if (wanted === undefined && drawn) {
    throw new ConfigError("PAIRS_CONFLICT", "pairs are given and would not be read", {
      where,
      fix: "Set the key pairs to their number, or leave the input out.",
    });
  }
}
