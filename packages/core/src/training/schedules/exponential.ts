import { z } from "zod";
import { defineSchedule } from "../../contracts/schedule.js";
import { warmUp, warmUpKeys } from "./warm-up.js";

/** The rate falls by one factor per step. */
export const exponentialSchedule = defineSchedule({
  name: "exponential",
  summary: "The learning rate falls by one factor per step.",
  formula: "decay^(t − 1)",
  examples: [{ decay: 0.9 }, { decay: 1, warmupSteps: 5 }],
  config: z.strictObject({
    ...warmUpKeys,
    decay: z.number().positive().max(1).describe("the factor of each step, above 0 and at most 1"),
  }),
  factor: (step, _, { warmupSteps, decay }) => warmUp(step, warmupSteps) * decay ** (step - 1),
});
