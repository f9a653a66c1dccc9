import { type ComponentReference, mul, reshape, sum } from "@semblance/core";
import { z } from "zod";
import { clusterTransport } from "./cluster-transport.js";
import { distanceInput } from "./comparison-input.js";
import { defineGemini } from "./define-gemini.js";
import { deviationsOf } from "./deviations.js";
import { clustersKey } from "./posteriors.js";
import { distanceExamples, distanceInputs, distanceKey } from "./wasserstein-keys.js";

/**
 * Wasserstein GEMINI, one against all. Minimised as −G.
 *
 *     G = Σₖ πₖ OT(Aₖ, u),   Aᵢₖ = pᵢₖ/(Nπₖ),   u = 1/N,   πₖ = (1/N) Σᵢ pᵢₖ
 *
 *     OT(a, b) = min ⟨T, δ⟩  over  T ≥ 0,  T·1 = a,  Tᵀ·1 = b
 *
 * The transport is exact and computed on the host, one problem for each cluster; its gradient is the dual potentials.
 *
 * Shapes   posteriors p: [n, k]; data: [n, d] or affinity δ: [n, n]  →  []
 * Laws     0 ≤ G ≤ max δ; cδ gives c·G; with δ = 1 − I it is TV one-vs-all; with the Euclidean distance at least the linear MMD; unchanged
 *          by permuting rows or columns, by repeating the rows, by splitting a column in proportion and by empty columns. A cost of 0 has
 *          gradient 0
 * Errors   POSTERIORS_INVALID, CLUSTERS_MISMATCH, DISTANCE_INPUT_MISSING, DISTANCE_INPUT_CONFLICT, AFFINITY_INVALID, DATA_INVALID, and
 *          those of `transportCosts`
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, table 1
 */
export const wassersteinOva = defineGemini({
  name: "wasserstein-ova",
  summary: "What it costs to move each cluster's samples onto the data's, Wasserstein one-vs-all.",
  formula: "G = Σₖ πₖ OT(Aₖ, u), A = p/(Nπ), u = 1/N",
  config: z.strictObject({ clusters: clustersKey, distance: distanceKey }),
  examples: distanceExamples,
  inputs: distanceInputs,
  affinity: ({ distance }) => ({ kind: "distance", reference: distance }),
  score(p, { data, affinity }, { config, context, loss }) {
    const bound = context.distance(config.distance as ComponentReference);
    const cost = distanceInput(bound, { posteriors: p, data, affinity, loss });
    const { shares } = deviationsOf(p);
    return sum(mul(reshape(shares, [p.shape[1]!]), clusterTransport(p, cost, "one-versus-all")));
  },
});
