import type { ExampleConfig } from "../checks/entry-checks.js";
import { samplerChecks } from "../checks/sampler-checks.js";
import type { Sampler } from "../contracts/sampler.js";
import { describeChecks } from "./describe-checks.js";

/** What every sampler owes, as a vitest suite: see `samplerChecks`. */
export function describeSampler(
  sampler: Sampler,
  options: { readonly examples?: readonly ExampleConfig[] } = {},
): void {
  describeChecks(`sampler ${sampler.name}`, samplerChecks(sampler, options));
}
