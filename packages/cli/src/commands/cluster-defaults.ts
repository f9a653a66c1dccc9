import type { JobInput } from "../job/job-schema.js";

const BATCH = 500;
/** Small data are passed over more often, so that about as many steps are taken whatever the number of rows. */
const STEPS = 600;
const FEWEST_EPOCHS = 30;

/** What `semblance cluster` does where no option says otherwise. */
export function clusterDefaults(
  rows: number,
): Pick<JobInput, "sampler" | "optimizer" | "epochs" | "evaluate" | "checkpoint"> {
  const stepsPerEpoch = Math.ceil(rows / BATCH);
  const epochs = Math.max(FEWEST_EPOCHS, Math.ceil(STEPS / stepsPerEpoch));
  return {
    sampler: { name: "shuffle", batchSize: BATCH },
    optimizer: { name: "adam", learningRate: 0.002 },
    epochs,
    evaluate: { every: Math.ceil(epochs / 5) },
    checkpoint: { every: Math.ceil(epochs / 5) },
  };
}
