import type { Arrays } from "../contracts/backend.js";
import { DivergedError } from "../errors.js";
import type { Learner } from "./learner.js";

const FIX = "Lower the learning rate, set clipNorm, or standardise the data. The last checkpoint is kept.";

/** LOSS_NOT_FINITE */
export function lossNotFinite({ loss }: Learner, step: number, value: number): DivergedError {
  return new DivergedError("LOSS_NOT_FINITE", `the loss became ${value} at step ${step}`, {
    where: `loss "${loss.entry.name}", step ${step}`,
    fix: FIX,
  });
}

/** @throws DivergedError PARAMETER_NOT_FINITE */
export function requireFinite(state: Arrays, step: number): void {
  for (const [name, { data }] of Object.entries(state)) {
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(data[i])) continue;
      throw new DivergedError("PARAMETER_NOT_FINITE", `"${name}" holds ${data[i]} after step ${step}`, {
        where: `step ${step}`,
        fix: FIX,
      });
    }
  }
}
