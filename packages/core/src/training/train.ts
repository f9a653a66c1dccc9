import type { Arrays } from "../contracts/backend.js";
import type { BatchSampler, SampledBatch } from "../contracts/sampler.js";
import { CheckpointError, DivergedError } from "../errors.js";
import { givingWay } from "../execution/giving-way.js";
import { Key } from "../random/key.js";
import { lossNotFinite, requireFinite } from "./diverged.js";
import type { FinishReason } from "./events.js";
import { addMonitors, meanMonitors, monitorsOf } from "./monitors.js";
import { Predictor } from "./predictor.js";
import { batchSampler, prepareTraining } from "./prepare-training.js";
import { addTerms, termsOf } from "./regulariser-step.js";
import { EpochSelection, type ValidationProgress } from "./select-epoch.js";
import { learnerAt } from "./stages.js";
import { StepRunner } from "./step-runner.js";
import type { TrainOptions, TrainResult } from "./train-options.js";
import { initialState } from "./train-step.js";
import { watchClusters } from "./watch-clusters.js";
import { watchEmbeddings } from "./watch-embeddings.js";

/** The part of a run's state that is not arrays. JSON keeps its numbers exactly. */
interface Progress {
  step: number;
  epoch: number;
  sampler: unknown;
  lossSum: number;
  lossCount: number;
  termSums: Record<string, number>;
  shareSums: number[];
  monitorSums: Record<string, number[]>;
  emptyBatches: number;
  best: number | null;
  waited: number;
  warned: string[];
  /** Only where epochs are validated. */
  validation?: ValidationProgress;
}

/**
 * Trains a learner. The same options give the same bytes, whether the run was interrupted and resumed or not.
 *
 * @throws DataError before the first step, for what cannot be compared: AFFINITY_NOT_FINITE, AFFINITY_ROWS, TOO_MANY_ROWS and others.
 * @throws DivergedError LOSS_NOT_FINITE; the last checkpoint is kept.
 * @throws CheckpointError RUN_MISMATCH when asked to resume another job's run.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const run = new TrainingRun(options);
  try {
    return await run.run();
  } finally {
    await run.dispose();
  }
}

class TrainingRun {
  readonly #steps: StepRunner;
  readonly #predictor: Predictor;
  readonly #sampler: BatchSampler;
  readonly #totalSteps: number;
  readonly #progress: Progress;
  readonly #selection: EpochSelection | undefined;
  readonly #losses: number[] = [];
  #lines: string[] = [];
  /** The state at the end of the last epoch with finite losses, for the run that diverges in the next. */
  #lastGood: { readonly progress: Progress; readonly state: Arrays } | undefined;
  #lastSaved = -1;
  readonly #giveWay = givingWay();

  constructor(private readonly options: TrainOptions) {
    const { learner, backend, data, sampler, seed } = options;
    const key = Key.fromSeed(seed);
    const { clipNorm, lossLearningRate, validation } = options;
    this.#selection = validation && new EpochSelection(validation);
    this.#steps = new StepRunner(
      {
        backend,
        learner,
        data,
        key,
        ...(clipNorm === undefined ? {} : { clipNorm }),
        ...(lossLearningRate === undefined ? {} : { ownLossRate: true }),
      },
      initialState(learner, key, backend.float),
    );
    this.#predictor = new Predictor(backend, learner);
    this.#sampler = batchSampler({ data, sampler, seed });
    this.#totalSteps = options.epochs * this.#sampler.batchesPerEpoch;
    this.#progress = {
      step: 0,
      epoch: 0,
      sampler: this.#sampler.state(),
      lossSum: 0,
      lossCount: 0,
      termSums: {},
      shareSums: [],
      monitorSums: {},
      emptyBatches: 0,
      best: null,
      waited: 0,
      warned: [],
      ...(validation ? { validation: { best: null, waited: 0 } } : {}),
    };
  }

  async run(): Promise<TrainResult> {
    const resumed = this.options.resume === true && (await this.#resume());
    await this.#prepare(resumed);
    try {
      return await this.#run(resumed);
    } catch (error) {
      if (error instanceof DivergedError) await this.#keepLastGood();
      throw error;
    }
  }

  /** Works out once what does not change from batch to batch, and says what was decided. */
  async #prepare(resumed: boolean): Promise<void> {
    const { onEvent } = this.options;
    const { affinity } = this.options.prepared ?? (await prepareTraining(this.options));
    this.#steps.useAffinity(affinity);
    for (const message of affinity?.notes ?? []) {
      // A resumed run has the line from when it began.
      if (!resumed) this.#lines.push(JSON.stringify({ note: message }));
      onEvent?.({ type: "note", message });
    }
    for (const message of [...(this.#sampler.warnings ?? []), ...(affinity?.warnings ?? [])]) {
      onEvent?.({ type: "warning", code: "DATA", step: this.#progress.step, message });
    }
  }

  async #run(resumed: boolean): Promise<TrainResult> {
    const progress = this.#progress;
    this.options.onEvent?.({ type: "start", step: progress.step, totalSteps: this.#totalSteps, resumed });
    let reason: FinishReason = this.#stoppedEarly() ? "stopped-early" : "completed";
    if (!resumed && this.options.validation?.start) await this.#validate(true, -1);
    this.#keepAsGood();
    while (progress.step < this.#totalSteps && reason === "completed") {
      const batch = this.#sampler.next();
      await this.#step(batch);
      if (batch.lastOfEpoch && (await this.#endEpoch())) reason = "stopped-early";
      else if (this.options.signal?.aborted) reason = "interrupted";
      if (this.#checkpointDue(batch) && progress.step < this.#totalSteps && reason === "completed") await this.#save();
      await this.#giveWay();
    }
    if (reason === "interrupted") await this.#save();
    const state = await this.#withBest();
    if (reason !== "interrupted") {
      // Nothing is trained on from here: whoever uses the run finds the weights that were selected.
      this.#steps.write(state);
      await this.#save();
    }
    const selected = progress.validation?.best;
    if (selected) this.options.onEvent?.({ type: "selected", name: this.options.validation!.name, ...selected });
    this.options.onEvent?.({ type: "finish", step: progress.step, reason });
    return { reason, step: progress.step, losses: this.#losses, state, ...(selected ? { selected } : {}) };
  }

  async #withBest(): Promise<Arrays> {
    const state = await this.#steps.read();
    return this.#selection?.withBest(state) ?? state;
  }

  async #step(batch: SampledBatch): Promise<void> {
    const { schedule, learningRate, lossLearningRate } = this.options;
    const progress = this.#progress;
    const step = progress.step + 1;
    const factor = schedule.entry.factor(step, this.#totalSteps, schedule.config);
    const rate = learningRate * factor;
    const results = await this.#steps.run({
      step,
      indices: batch.indices,
      learningRate: rate,
      ...(lossLearningRate === undefined ? {} : { lossRate: lossLearningRate * factor }),
      epoch: batch.epoch,
    });
    const { loss, objective, shares } = results;
    const value = loss!.data[0]!;
    if (!Number.isFinite(value)) throw lossNotFinite(this.options.learner, step, value);
    progress.step = step;
    progress.epoch = batch.epoch;
    progress.lossSum += value;
    progress.lossCount += 1;
    if (shares) progress.shareSums = Array.from(shares.data, (share, k) => share + (progress.shareSums[k] ?? 0));
    const monitors = monitorsOf(results);
    progress.monitorSums = addMonitors(progress.monitorSums, monitors);
    if (monitors.tuples?.[0] === 0) progress.emptyBatches += 1;
    const terms = termsOf(results);
    progress.termSums = addTerms(progress.termSums, terms);
    const parts = Object.keys(terms).length > 0 ? { objective: objective?.data[0] ?? value, terms } : {};
    this.#lines.push(JSON.stringify({ step, epoch: batch.epoch, loss: value, learningRate: rate, ...parts }));
    if (this.#lines.length >= 100) await this.#flush();
    this.options.onEvent?.({ type: "step", step, totalSteps: this.#totalSteps, epoch: batch.epoch, loss: value });
  }

  /** Closes an epoch; true when the run should stop early. */
  async #endEpoch(): Promise<boolean> {
    const { evaluate, onEvent, epochs } = this.options;
    const progress = this.#progress;
    const { step, epoch } = progress;
    const loss = progress.lossSum / progress.lossCount;
    this.#losses.push(loss);
    const sums = Object.entries(progress.termSums);
    const terms = Object.fromEntries(sums.map(([label, sum]) => [label, sum / progress.lossCount]));
    const monitors = meanMonitors(progress.monitorSums, progress.lossCount);
    onEvent?.({
      type: "epoch",
      epoch,
      step,
      loss,
      ...(sums.length > 0 ? { terms } : {}),
      ...(Object.keys(monitors).length > 0 ? { monitors } : {}),
    });
    this.#warn(progress);
    Object.assign(progress, {
      lossSum: 0,
      lossCount: 0,
      termSums: {},
      shareSums: [],
      monitorSums: {},
      emptyBatches: 0,
    });
    // The loss of another stage is no measure of the main one's.
    const inMain = learnerAt(this.options.learner, epoch) === this.options.learner;
    let stop = inMain && this.#improves(loss);
    await this.#steps.read();
    requireFinite(this.#steps.state, step);
    if (inMain && (await this.#validate(stop || epoch + 1 === epochs))) stop = true;
    this.#keepAsGood();
    if (evaluate && ((epoch + 1) % evaluate.every === 0 || epoch + 1 === epochs || stop)) {
      await this.#predictor.use(this.#steps.state);
      const values = await evaluate.measure(this.#predictor, this.#steps.state);
      this.#lines.push(JSON.stringify({ step, epoch, evaluation: values }));
      onEvent?.({ type: "evaluation", epoch, step, values });
    }
    return stop;
  }

  /** Scores an epoch on the held-out rows; true once patience has run out. */
  async #validate(last: boolean, epoch = this.#progress.epoch): Promise<boolean> {
    const { validation, onEvent } = this.options;
    const progress = this.#progress;
    const { step } = progress;
    if (!validation || !this.#selection!.isDue(epoch, last)) return false;
    const { state } = this.#steps;
    await this.#predictor.use(state);
    const scored = { epoch, step, score: await validation.score(this.#predictor, state) };
    progress.validation = this.#selection!.take(progress.validation!, scored, state);
    const best = progress.validation.best === scored;
    const { name } = validation;
    this.#lines.push(JSON.stringify({ step, epoch, validation: { [name]: scored.score }, best }));
    onEvent?.({ type: "validation", name, ...scored, best });
    return this.#stoppedEarly();
  }

  #warn(progress: Progress): void {
    const { lossCount: count, monitorSums, emptyBatches: empty } = progress;
    const { classes } = this.options.learner.facts;
    const clusters = watchClusters({ sums: progress.shareSums, count });
    const embeddings = watchEmbeddings({
      sums: monitorSums,
      count,
      empty,
      ...(classes === undefined ? {} : { classes }),
    });
    for (const warning of [...(clusters ? [clusters] : []), ...embeddings]) {
      if (progress.warned.includes(warning.code)) continue;
      progress.warned.push(warning.code);
      this.options.onEvent?.({ type: "warning", step: progress.step, ...warning });
    }
  }

  /** Keeps the score for early stopping; true once patience has run out. */
  #improves(loss: number): boolean {
    const { earlyStopping } = this.options;
    const progress = this.#progress;
    if (!earlyStopping) return false;
    if (progress.best === null || loss < progress.best - earlyStopping.minimumChange) {
      progress.best = loss;
      progress.waited = 0;
    } else {
      progress.waited += 1;
    }
    return this.#stoppedEarly();
  }

  #stoppedEarly(): boolean {
    const { earlyStopping } = this.options;
    const { validation, waited } = this.#progress;
    if (validation && this.#selection!.hasWaited(validation)) return true;
    return earlyStopping !== undefined && waited >= earlyStopping.patience;
  }

  #checkpointDue(batch: SampledBatch): boolean {
    const { every, everySteps } = this.options.checkpoint ?? {};
    return (
      (every !== undefined && batch.lastOfEpoch && (batch.epoch + 1) % every === 0) ||
      (everySteps !== undefined && this.#progress.step % everySteps === 0)
    );
  }

  async #flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    await this.options.store?.appendMetrics(lines);
  }

  #keepAsGood(): void {
    this.#lastGood = { progress: { ...this.#progress, sampler: this.#sampler.state() }, state: this.#steps.state };
  }

  async #save(): Promise<void> {
    await this.#steps.read();
    requireFinite(this.#steps.state, this.#progress.step);
    await this.#flush();
    await this.#keep({ ...this.#progress, sampler: this.#sampler.state() }, this.#steps.state);
  }

  async #keep(progress: Progress, state: Arrays): Promise<void> {
    const { store, onEvent, run = "", notes = {} } = this.options;
    if (!store) return;
    this.#lastSaved = progress.step;
    const arrays = this.#selection?.beside(state, progress.step, progress.validation!) ?? state;
    const location = await store.saveCheckpoint({ run, step: progress.step, state: progress, notes, arrays });
    onEvent?.({ type: "checkpoint", step: progress.step, location });
  }

  async #resume(): Promise<boolean> {
    const { store, run = "" } = this.options;
    const checkpoint = await store?.resume(run);
    if (!checkpoint) return false;
    if (checkpoint.run !== run) {
      throw new CheckpointError("RUN_MISMATCH", "the checkpoint belongs to a run with another job or other data", {
        where: `checkpoint of step ${checkpoint.step}`,
        fix: "Resume with the job and the data that the run was started with; its job.json is in the run folder.",
      });
    }
    const names = Object.keys(this.#steps.state);
    const missing = names.filter((name) => !checkpoint.arrays[name]);
    if (missing.length > 0) {
      throw new CheckpointError("CHECKPOINT_INCOMPLETE", `the checkpoint lacks ${missing.join(", ")}`, {
        where: `checkpoint of step ${checkpoint.step}`,
        fix: "Start the run again: the model has changed since.",
      });
    }
    this.#steps.write(Object.fromEntries(names.map((name) => [name, checkpoint.arrays[name]!])));
    Object.assign(this.#progress, checkpoint.state);
    this.#selection?.restore(this.#progress.validation!, checkpoint.arrays);
    this.#sampler.restore(this.#progress.sampler);
    this.#lastSaved = checkpoint.step;
    return true;
  }

  /** Metrics of the steps since then stay as they are: a resumed run cuts them back. */
  async #keepLastGood(): Promise<void> {
    const good = this.#lastGood;
    if (good && good.progress.step > this.#lastSaved) await this.#keep(good.progress, good.state);
  }

  async dispose(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await this.#predictor.dispose();
      await this.#steps.dispose();
    }
  }
}
