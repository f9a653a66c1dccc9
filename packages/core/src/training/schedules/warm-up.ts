import { z } from "zod";

/** The key that every schedule shares. */
export const warmUpKeys = {
  warmupSteps: z.int().min(0).default(0).describe("steps over which the rate first grows linearly, 0 or more"),
};

/** 1/w, 2/w, … 1 over the first w steps, 1 afterwards. */
export function warmUp(step: number, warmupSteps: number): number {
  return step < warmupSteps ? step / warmupSteps : 1;
}
