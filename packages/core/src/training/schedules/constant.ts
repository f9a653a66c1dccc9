import { z } from "zod";
import { defineSchedule } from "../../contracts/schedule.js";
import { warmUp, warmUpKeys } from "./warm-up.js";

/** The same learning rate throughout, after an optional warm-up. */
export const constantSchedule = defineSchedule({
  name: "constant",
  summary: "The same learning rate throughout.",
  formula: "1",
  examples: [{}, { warmupSteps: 5 }],
  config: z.strictObject({
    ...warmUpKeys,
  }),
  factor: (step, _, { warmupSteps }) => warmUp(step, warmupSteps),
});
