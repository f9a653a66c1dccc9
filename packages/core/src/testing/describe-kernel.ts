import { type KernelCheckOptions, kernelChecks } from "../checks/kernel-checks.js";
import type { Kernel } from "../contracts/kernel.js";
import { describeChecks } from "./describe-checks.js";

/** What every kernel owes, as a vitest suite: see `kernelChecks`. */
export function describeKernel(kernel: Kernel, options: KernelCheckOptions = {}): void {
  describeChecks(`kernel ${kernel.name}`, kernelChecks(kernel, options));
}
