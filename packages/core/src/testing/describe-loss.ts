import { type LossCheckOptions, lossChecks } from "../checks/loss-checks.js";
import type { Loss } from "../contracts/loss.js";
import { describeChecks } from "./describe-checks.js";

/**
 * What every loss owes, as a vitest suite: gradients against differences, declared laws, every backend, nasty batches, refusals.
 *
 * ```text
 * describeLoss(mmdOva, { catalogue: createCatalogue([geminiPlugin]), backends: { reference: referenceBackend, ort: ortBackend } });
 * ```
 */
export function describeLoss(loss: Loss, options: LossCheckOptions = {}): void {
  describeChecks(`loss ${loss.name}`, lossChecks(loss, options));
}
