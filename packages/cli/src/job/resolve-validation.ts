import { type ComponentReference, ConfigError } from "@semblance/core";
import type { SettledValidation } from "@semblance/estimators";
import type { Component, Job } from "./job-schema.js";
import type { JobSource } from "./job-source.js";

/** What a job says of validation, with the keys of its measure checked and completed. */
export function withMeasure(
  { measure, ...rest }: SettledValidation,
  choose: (measure: ComponentReference, path: readonly string[]) => Component,
): SettledValidation {
  return { ...rest, ...(measure ? { measure: choose(measure, ["validation", "measure"]) } : {}) };
}

/** @throws ConfigError TASK_MISMATCH: epochs are scored by the neighbours of embeddings. */
export function requireEmbeddings({ task }: Pick<Job, "task">, source: JobSource): void {
  if (task === "metric") return;
  throw new ConfigError("TASK_MISMATCH", `validation is for embeddings, and task "${task}" learns none`, {
    where: source.locate(["validation"]),
    fix: "Leave validation out, or set task: metric.",
  });
}
