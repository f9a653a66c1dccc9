import type { NdArray } from "../arrays/nd-array.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { Loss } from "../contracts/loss.js";
import { requireAffinity } from "./check-affinity.js";
import { evaluateMatrix } from "./evaluate-matrix.js";
import type { NumberArray } from "./named-arrays.js";

export interface AffinityInputOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  readonly loss: Loss;
  readonly config: unknown;
  /** As they were given, unrounded. */
  readonly inputs: Readonly<Record<string, NumberArray>>;
}

/**
 * The input `affinity` of a loss whose kernel or distance only a table of the whole data defines: computed from `data` where no matrix
 * is given. A matrix that is given is checked.
 *
 * @throws DataError with the codes of `requireAffinity`
 */
export async function affinityInput(options: AffinityInputOptions): Promise<NdArray | undefined> {
  const { catalogue, backend, loss, config, inputs } = options;
  const asked = loss.affinity?.(config);
  if (!asked) return undefined;
  const { entry } = catalogue.choose(asked.kind, asked.reference);
  if (entry.matrix) return undefined;
  if (inputs.affinity) {
    // Other shapes are refused by name of the axis, with all inputs in view.
    if (isSquare(inputs.affinity)) {
      requireAffinity(inputs.affinity, { kind: asked.kind, where: `loss "${loss.name}", input "affinity"` });
    }
    return undefined;
  }
  if (!entry.table || !inputs.data) return undefined;
  return await evaluateMatrix({ ...asked, catalogue, backend, data: inputs.data });
}

/**
 * Blames the kernel or distance of a loss for a value that is not finite, where it is at fault.
 *
 * @throws DataError AFFINITY_NOT_FINITE
 */
export async function requireFiniteAffinity({ catalogue, backend, loss, config, inputs }: AffinityInputOptions) {
  const asked = loss.affinity?.(config);
  if (!asked || !inputs.data || inputs.data.shape.length !== 2) return;
  if (catalogue.choose(asked.kind, asked.reference).entry.matrix) {
    await evaluateMatrix({ ...asked, catalogue, backend, data: inputs.data });
  }
}

const isSquare = ({ shape }: NumberArray) => shape.length === 2 && shape[0] === shape[1] && shape[0]! > 0;
