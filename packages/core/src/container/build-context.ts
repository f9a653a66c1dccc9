import type { ComponentReference } from "../contracts/entry.js";
import type { AffinityReference, BuildContext } from "../contracts/loss.js";
import type { ParameterTensors } from "../contracts/parameters.js";
import { bindDistance, bindKernel, type SettledAffinity } from "./bind-affinity.js";
import { bindDivergence, ownedByDivergence } from "./bind-divergence.js";
import { bindMiner } from "./bind-miner.js";
import type { Catalogue } from "./catalogue.js";

/**
 * What a loss is handed while it is built: components looked up in a catalogue, and the weights that it owns.
 *
 * @param monitor what the loss tells training goes here
 * @param affinity the kernel or distance that training has settled; the loss finds it under the reference that it gave
 */
export function buildContext(
  catalogue: Catalogue,
  parameters: ParameterTensors = {},
  affinity?: SettledAffinity,
  monitor: BuildContext["monitor"] = () => {},
): BuildContext {
  const settled = (kind: AffinityReference["kind"], reference: ComponentReference) =>
    affinity?.kind === kind && sameReference(affinity.reference, reference) ? affinity : undefined;
  return {
    parameters,
    monitor,
    kernel: (reference) => bindKernel(catalogue, reference, settled("kernel", reference)),
    distance: (reference) => bindDistance(catalogue, reference, settled("distance", reference)),
    divergence: (reference) => bindDivergence(catalogue, reference, ownedByDivergence(parameters), monitor),
    miner: (reference) => bindMiner(catalogue, reference),
  };
}

/** Whether two references name the same component with the same keys, in whatever order. */
function sameReference(a: ComponentReference, b: ComponentReference): boolean {
  return a === b || canonical(a) === canonical(b);
}

function canonical(reference: ComponentReference): string {
  const keys = typeof reference === "string" ? { name: reference } : reference;
  return JSON.stringify(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)));
}
