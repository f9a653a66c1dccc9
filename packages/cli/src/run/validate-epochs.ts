import { type Backend, type Dataset, type Learner, rowsOf, type Validation } from "@semblance/core";
import { scoreEpochs } from "@semblance/estimators";
import type { SettledJob } from "../job/settle-job.js";
import type { RunEvent } from "./run-events.js";
import type { LearningParts } from "./training-part.js";

export interface ValidateOptions {
  readonly job: SettledJob;
  readonly learner: Learner;
  readonly backend: Backend;
  readonly parts: LearningParts;
  /** All rows. */
  readonly whole: Dataset;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * How a job that holds rows out has its epochs scored, told in a note; undefined of one that does not.
 *
 * @throws ConfigError as `scoreEpochs`
 */
export async function validateEpochs(options: ValidateOptions): Promise<Validation | undefined> {
  const { job, learner, backend, parts, whole, onEvent } = options;
  const { train, held } = parts;
  const { validation, loss } = job;
  if (!held || !validation) return undefined;
  const { catalogue } = learner;
  const scoring = await scoreEpochs({ train, held, catalogue, backend, learner, loss, validation });
  const { supervision } = held;
  const what =
    validation.by === "pair" && supervision?.form === "pairs"
      ? `${supervision.similarity.length} of the pairs`
      : `${rowsOf(held)} of the ${rowsOf(whole)} rows`;
  const message = `held ${what} out of the training, to choose the epoch by ${scoring.name}`;
  onEvent?.({ type: "note", message });
  return scoring;
}
