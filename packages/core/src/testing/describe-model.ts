import { type ModelCheckOptions, modelChecks } from "../checks/model-checks.js";
import type { Model } from "../contracts/model.js";
import { describeChecks } from "./describe-checks.js";

/** What every model owes, as a vitest suite: see `modelChecks`. */
export function describeModel(model: Model, options: ModelCheckOptions = {}): void {
  describeChecks(`model ${model.name}`, modelChecks(model, options));
}
