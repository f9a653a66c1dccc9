import { lessOrEqual, type Tensor, where } from "@semblance/core";
import { type TransportPairs, transportCosts } from "./transport/transport-costs.js";

/**
 * Exact transport costs between clusters, distributions on the samples with weights p(x|k) ∝ pₖ: posteriors [n, k], cost [n, n], m pairs
 * of clusters (or of a cluster and the data)  →  [m].
 *
 * A cost of 0 is the least that there is, so 0 is one of its subgradients, and the one that is taken: the potentials of a solver there are
 * any that fit. An empty cluster costs 0.
 */
export function clusterTransport(posteriors: Tensor, cost: Tensor, pairs: TransportPairs): Tensor {
  const costs = transportCosts(posteriors, cost, pairs);
  return where(lessOrEqual(costs, 0), 0, costs);
}
