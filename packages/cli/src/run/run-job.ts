import {
  type Arrays,
  BACKEND,
  type Backend,
  type Catalogue,
  type Dataset,
  type FinishReason,
  isSemblanceError,
  type Learner,
  type Predictor,
  type PreparedTraining,
  prepareTraining,
  rowsOf,
  sizeOf,
  type TrainOptions,
  type TrainResult,
  train,
  type Validation,
} from "@semblance/core";
import { RunFolder } from "@semblance/core/node";
import type { LoadedDataset } from "@semblance/data";
import { type Learned, learnedNotes, type TrainedModel } from "@semblance/estimators";
import { jobIdentity } from "../job/job-identity.js";
import type { ResolvedJob } from "../job/resolve-job.js";
import { type SettledJob, settleJob } from "../job/settle-job.js";
import { blameFirstStep } from "./blame-first-step.js";
import { type Environment, environmentOf } from "./environment.js";
import { judge, scoredPart } from "./evaluate-model.js";
import { comparable, finishRun, type RunOutcome, writeModel } from "./finish-run.js";
import { learnerOf, requireTraceable } from "./learner-of.js";
import { loadJobData } from "./load-data.js";
import type { PathOutcome } from "./path-outcome.js";
import type { RunEvent } from "./run-events.js";
import { requirePath, runPath } from "./run-path.js";
import { requireScorable, scoresAsRecord } from "./score.js";
import { learningParts, trainingPart } from "./training-part.js";
import { validateEpochs } from "./validate-epochs.js";

export interface RunOptions {
  readonly resolved: ResolvedJob;
  /** The run folder. */
  readonly folder: string;
  /** Go on with the run in the folder. */
  readonly resume?: boolean;
  /** The data, where the caller has read them already. */
  readonly data?: LoadedDataset;
  /** Whether the trained model is scored and `report.html` written; true by default. */
  readonly report?: boolean;
  /** Ends the run after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** What came of a run. */
export interface RunResult {
  readonly folder: string;
  readonly reason: FinishReason;
  readonly step: number;
  readonly seconds: number;
  /** Whether it can be gone on with. */
  readonly resumable: boolean;
  /** What its user should know, from the data and from training. */
  readonly warnings: readonly string[];
  /** Absent where the run was interrupted, and where no report was asked for. */
  readonly outcome?: RunOutcome;
}

/**
 * Executes a job into a run folder. Whatever can be refused is refused before the folder is made.
 *
 * @throws ConfigError, DataError, BackendUnavailableError for what cannot be run; CheckpointError for folders that cannot be used;
 * DivergedError and BackendError for runs that fail.
 */
export async function runJob(options: RunOptions): Promise<RunResult> {
  const { resolved, onEvent } = options;
  const { catalogue, container } = resolved;
  const loaded = options.data ?? (await loadJobData(resolved.job));
  const { splits } = loaded;
  const job = settleJob(resolved.job, catalogue, splits.train);
  const parts = learningParts(job, splits.train);
  const part = parts.train;
  const learner = learnerOf(job, catalogue, part);
  requireScorable(catalogue, job.evaluate.measures, scoredPart(splits, learner));
  const { entry, config } = catalogue.choose("backend", withThreads(job), "backend");
  const backend = await entry.create(config);
  container.registerInstance(BACKEND, backend);
  try {
    requireTraceable(learner, job, backend);
    const { features, labels } = splits.train;
    onEvent?.({
      type: "data",
      name: splits.train.name,
      rows: rowsOf(splits.train),
      features: sizeOf(features.shape.slice(1)),
      ...(splits.test ? { testRows: rowsOf(splits.test) } : {}),
      ...(labels ? { classes: labels.names.length } : {}),
      device: `${backend.name}, ${backend.device}`,
    });
    for (const message of loaded.notes) onEvent?.({ type: "note", message });
    for (const message of loaded.warnings) onEvent?.({ type: "data-warning", message });
    const validation = await validateEpochs({ job, learner, backend, parts, whole: splits.train, onEvent });
    const { resume = false } = options;
    if (job.path) requirePath(job, learner, part, resume);
    // A long preparation is not for a folder that cannot be used.
    await RunFolder.require(options.folder, { resume });
    const prepared = await prepareTraining({ backend, learner, data: part, ...courseOf(job, catalogue) });
    const store = await RunFolder.open(options.folder, { resume });
    try {
      const more = validation ? { validation } : {};
      return await runInFolder({ ...options, job, learner, backend, loaded, part, prepared, store, ...more });
    } finally {
      store.close();
    }
  } finally {
    await backend.dispose();
  }
}

interface Prepared extends RunOptions {
  readonly job: SettledJob;
  readonly learner: Learner;
  readonly backend: Backend;
  readonly loaded: LoadedDataset;
  /** What is trained on. */
  readonly part: Dataset;
  readonly validation?: Validation;
  readonly prepared: PreparedTraining;
  readonly store: RunFolder;
}

async function runInFolder(prepared: Prepared): Promise<RunResult> {
  const { job, learner, backend, loaded, store, resolved, resume = false } = prepared;
  const { splits } = loaded;
  const started = performance.now();
  const learned: Learned = {
    shape: learner.shape,
    fitted: loaded.fitted,
    ...(splits.train.columns ? { columns: splits.train.columns } : {}),
    ...(learnsFromLabels(learner) && splits.train.labels ? { classes: splits.train.labels.names } : {}),
  };
  const warnings = [...loaded.warnings];
  let resumedFromStep: number | undefined;
  let environment: Environment = environmentOf(backend, resolved.folder);
  if (!resume) await store.write("job.json", json(job));
  await store.write("environment.json", json(environment));
  const close = async (outcome: string, failure?: string) => {
    environment = {
      ...environment,
      endedAt: new Date().toISOString(),
      wallSeconds: (performance.now() - started) / 1000,
      outcome,
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(failure === undefined ? {} : { failure }),
      ...(resumedFromStep === undefined ? {} : { resumedFromStep }),
    };
    await store.write("environment.json", json(environment));
  };
  let result: Pick<TrainResult, "reason" | "step" | "state"> & { readonly path?: PathOutcome };
  const training = trainingOf(prepared, learned);
  try {
    result = job.path
      ? await runPath({ ...training, job, store, onEvent: (event) => prepared.onEvent?.(event) })
      : await train({
          ...training,
          onEvent: (event) => {
            if (event.type === "warning") warnings.push(event.message);
            if (event.type === "start" && event.resumed) resumedFromStep = event.step;
            prepared.onEvent?.(event);
          },
        });
  } catch (error) {
    // What went wrong with the run is the news, not that its end could not be noted too.
    await close("failed", isSemblanceError(error) ? `${error.code}: ${error.message}` : String(error)).catch(() => {});
    throw blameFirstStep(error, learner);
  }
  await close(result.reason);
  const seconds = (performance.now() - started) / 1000;
  const base = {
    folder: store.path,
    reason: result.reason,
    step: result.step,
    seconds,
    resumable: !job.path,
    warnings,
  };
  if (result.reason === "interrupted") return base;
  const trained: TrainedModel = { catalogue: learner.catalogue, backend, model: learner, state: result.state };
  const { path } = result;
  const finish = {
    ...prepared,
    ...(path ? { path } : {}),
    trained,
    learned,
    splits,
    environment,
    warnings,
    compare: comparable(job, learned),
  };
  if (prepared.report === false) return { ...base, warnings: [...warnings, ...(await writeModel(finish))] };
  const outcome = await finishRun(finish);
  return { ...base, seconds: (performance.now() - started) / 1000, outcome };
}

/** How long and on which batches it is trained. */
function courseOf({ sampler, epochs, seed, affinityLimit }: SettledJob, catalogue: Catalogue) {
  return {
    sampler: catalogue.choose("sampler", sampler, "sampler"),
    epochs,
    seed,
    ...(affinityLimit === undefined ? {} : { affinityLimit }),
  };
}

function trainingOf(
  { job, learner, backend, loaded, part, validation, prepared, store, resume, signal }: Prepared,
  learned: Learned,
): TrainOptions & Required<Pick<TrainOptions, "run" | "notes" | "prepared">> {
  const { splits } = loaded;
  const { catalogue } = learner;
  const { learningRate, lossLearningRate, schedule, clipNorm } = job.optimizer;
  const data = scoredPart(splits, learner);
  const { every, everySteps } = job.checkpoint;
  return {
    backend,
    learner,
    data: part,
    prepared,
    ...courseOf(job, catalogue),
    schedule: catalogue.choose("schedule", schedule, "schedule"),
    learningRate,
    ...(lossLearningRate === undefined ? {} : { lossLearningRate }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(job.earlyStopping ? { earlyStopping: job.earlyStopping } : {}),
    ...(validation ? { validation } : {}),
    evaluate: {
      every: job.evaluate.every,
      async measure(predictor: Predictor, state: Arrays) {
        const predictions = await predictor.predict(data.features);
        const { task, loss } = job;
        const { measures } = job.evaluate;
        const model = learner;
        const { scores } = await judge({ task, loss, measures, catalogue, backend, model, state, data, predictions });
        return scoresAsRecord(scores);
      },
    },
    checkpoint: { every, ...(everySteps === undefined ? {} : { everySteps }) },
    store,
    run: jobIdentity(job, trainingPart(splits.train)),
    resume: resume ?? false,
    notes: learnedNotes(learned),
    ...(signal ? { signal } : {}),
  };
}

const withThreads = ({ backend, threads }: SettledJob) => (threads === undefined ? backend : { ...backend, threads });

/** Whether output k of the head is class k. */
const learnsFromLabels = ({ loss, shape }: Learner) =>
  shape.embedding === undefined && loss.entry.inputs.labels !== undefined && !loss.entry.inputs.labels.optional;

/** For people: indented, with a line at the end. */
export const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
