import {
  type Backend,
  type Catalogue,
  ConfigError,
  createLearner,
  type Dataset,
  type EmbeddingOptions,
  initialState,
  Key,
  type Learner,
  requireMainEpochs,
  traceTrainStep,
} from "@semblance/core";
import type { SettledJob } from "../job/settle-job.js";

/**
 * What a job trains, fitted to its data.
 *
 * @throws ConfigError TASK_MISMATCH for a loss that compares embeddings in another task; STAGES_TOO_LONG; those of `createLearner`
 */
export function learnerOf(job: SettledJob, catalogue: Catalogue, data: Dataset): Learner {
  const learner = createLearner({ catalogue, data, ...componentsOf(job) });
  requireTask(job, learner);
  requireMainEpochs(learner, job.epochs);
  return learner;
}

function componentsOf({ model, loss, optimizer, regularisers, embedding, warmup, stages = [] }: SettledJob) {
  const { learningRate: _, lossLearningRate: __, schedule: ___, clipNorm: ____, ...own } = optimizer;
  const first = warmup ? [warmup, ...stages] : stages;
  return {
    model,
    loss,
    optimizer: own as SettledJob["model"],
    ...(regularisers ? { regularisers } : {}),
    ...(embedding ? { embedding: embedding as EmbeddingOptions } : {}),
    ...(first.length > 0 ? { stages: first } : {}),
  };
}

function requireTask({ task, loss }: SettledJob, { shape }: Learner): void {
  if (shape.embedding !== undefined && task !== "metric") {
    throw new ConfigError("TASK_MISMATCH", `loss "${loss.name}" compares embeddings and gives no clusters`, {
      where: `task "${task}"`,
      fix: "Set task: metric, or choose a loss of clusters such as gemini/mmd-ova.",
    });
  }
}

/** Model and loss that do not fit each other, or a kernel that does not exist, show when a step is traced: before anything is written. */
export function requireTraceable(learner: Learner, job: SettledJob, { float }: Backend): void {
  const { clipNorm } = job.optimizer;
  const state = initialState(learner, Key.fromSeed(job.seed), float);
  const batchSize = Math.min(8, learner.shape.rows);
  for (const each of [...learner.stages.map((stage) => stage.learner), learner]) {
    traceTrainStep(each, state, { float, batchSize, ...(clipNorm === undefined ? {} : { clipNorm }) });
  }
}
