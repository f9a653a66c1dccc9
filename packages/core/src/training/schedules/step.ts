import { z } from "zod";
import { defineSchedule } from "../../contracts/schedule.js";
import { warmUp, warmUpKeys } from "./warm-up.js";

/** The rate falls by a factor every so many steps. */
export const stepSchedule = defineSchedule({
  name: "step",
  summary: "The learning rate is multiplied by a factor every so many steps.",
  formula: "decay^⌊(t − 1)/every⌋",
  examples: [{ every: 10 }, { every: 3, decay: 0.5, warmupSteps: 5 }],
  config: z.strictObject({
    ...warmUpKeys,
    every: z.int().positive().describe("steps between two reductions, 1 or more"),
    decay: z.number().positive().max(1).default(0.1).describe("the factor of each reduction, above 0 and at most 1"),
  }),
  factor: (step, _, { warmupSteps, every, decay }) =>
    warmUp(step, warmupSteps) * decay ** Math.floor((step - 1) / every),
});
