import type { Entry } from "./entry.js";

/** The learning rate over a run, as a factor of the configured one. */
export interface Schedule<Config = unknown> extends Entry<Config> {
  readonly kind: "schedule";
  /** The factor at a step (from 1) of a run of `totalSteps`. */
  factor(step: number, totalSteps: number, config: Config): number;
}

export function defineSchedule<Config>(schedule: Omit<Schedule<Config>, "kind">): Schedule<Config> {
  return { kind: "schedule", ...schedule };
}
