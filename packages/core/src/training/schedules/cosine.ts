import { z } from "zod";
import { defineSchedule } from "../../contracts/schedule.js";
import { warmUp, warmUpKeys } from "./warm-up.js";

/** The rate falls along half a cosine to its last share. Source: Loshchilov & Hutter, "SGDR", ICLR 2017, equation 5. */
export const cosineSchedule = defineSchedule({
  name: "cosine",
  summary: "The learning rate falls along half a cosine from 1 to a last share.",
  formula: "last + (1 − last)·(1 + cos(π·t/T))/2",
  examples: [{}, { warmupSteps: 5, last: 0.1 }],
  config: z.strictObject({
    ...warmUpKeys,
    last: z.number().min(0).max(1).default(0).describe("the share of the rate that is left at the end, 0 to 1"),
  }),
  factor: (step, totalSteps, { warmupSteps, last }) => {
    if (step < warmupSteps) return warmUp(step, warmupSteps);
    const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
    return last + ((1 - last) * (1 + Math.cos(Math.PI * progress))) / 2;
  },
});
