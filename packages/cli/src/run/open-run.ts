import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Backend, type Checkpoint, CheckpointError, type Plugin } from "@semblance/core";
import { type Learned, learnedFrom, type TrainedModel, trainedModel } from "@semblance/estimators";
import { jobFileOf, runCheckpoint } from "@semblance/estimators/node";
import type { Component } from "../job/job-schema.js";
import { jobFrom, readJobFile } from "../job/job-source.js";
import { type ResolvedJob, resolveJob } from "../job/resolve-job.js";
import type { Environment } from "./environment.js";

/** A run folder, read. */
export interface OpenRun {
  readonly path: string;
  readonly resolved: ResolvedJob;
  readonly checkpoint: Checkpoint;
  readonly learned: Learned;
  /** Absent where the run was killed before it wrote it. */
  readonly environment: Environment | undefined;
}

/** The job that a run folder was made by. Plugins are found from where the job file lay. */
export async function readRunJob(path: string, plugins: readonly Plugin[] = []): Promise<ResolvedJob> {
  const file = await jobFileOf(path);
  const { value, folder } = await readJobFile(file);
  const jobFolder = (await readEnvironment(path))?.jobFolder;
  return await resolveJob(jobFrom(value, { name: file, folder: jobFolder ?? folder }), plugins);
}

/**
 * Reads a run folder for use. The plugins that the run was made with are loaded again; those handed over come on top.
 *
 * @throws CheckpointError RUN_MISSING, CHECKPOINT_MISSING, CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN, CHECKPOINT_VERSION,
 *         RUN_UNTRAINED
 */
export async function openRun(path: string, plugins: readonly Plugin[] = []): Promise<OpenRun> {
  const resolved = await readRunJob(path, plugins);
  const checkpoint = await runCheckpoint(path);
  const environment = await readEnvironment(path);
  if (checkpoint.step === 0) throw runUntrained(path, environment);
  const learned = learnedFrom(checkpoint.notes, join(path, "checkpoints"));
  return { path, resolved, checkpoint, learned, environment };
}

function runUntrained(path: string, environment: Environment | undefined): CheckpointError {
  const why = environment?.failure === undefined ? "" : ` (it failed: ${environment.failure})`;
  return new CheckpointError("RUN_UNTRAINED", `the run did not complete a single step${why}`, {
    where: path,
    fix:
      environment?.outcome === FAILED
        ? "Correct what it failed by, and start another run."
        : `Let it go on: semblance train --resume ${path}`,
  });
}

const FAILED = "failed";

/** What to know of a run that failed before anything that is made with it is believed; undefined of one that did not. */
export function failureOf({ environment, checkpoint, path }: OpenRun): RunFailure | undefined {
  if (environment?.outcome !== FAILED) return undefined;
  const why = environment.failure === undefined ? "" : `: ${environment.failure}`;
  return {
    code: "RUN_FAILED",
    message: `this run failed${why}; its weights are those of step ${checkpoint.step}`,
    where: path,
  };
}

export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly where: string;
}

/** The model of a run on a backend: the one that it was trained on, or another. The caller disposes of the backend. */
export async function trainedOf(run: OpenRun, backendName?: string): Promise<TrainedModel> {
  const { catalogue, job } = run.resolved;
  const chosen: string | Component = backendName ?? job.backend;
  const { entry, config } = catalogue.choose("backend", chosen, "backend");
  const model = trainedModel(catalogue, job.model, run.learned);
  const backend: Backend = await entry.create(config);
  return { catalogue, backend, model, state: run.checkpoint.arrays };
}

async function readEnvironment(path: string): Promise<Environment | undefined> {
  try {
    return JSON.parse(await readFile(join(path, "environment.json"), "utf8")) as Environment;
  } catch {
    // It says where and when; nothing depends on it but where plugins are looked for.
    return undefined;
  }
}
