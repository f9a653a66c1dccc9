import type { Tensor } from "@semblance/core";
import { z } from "zod";

/** The key that scales what a kernel compares. */
export const gammaKey = z
  .number()
  .positive()
  .optional()
  .describe("γ, above 0; 1/D by default, D being the number of features");

/** γ as configured, or 1/D. */
export function gammaOf(gamma: number | undefined, x: Tensor): number {
  return gamma ?? 1 / Math.max(1, x.shape[1]!);
}
