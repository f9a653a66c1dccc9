import { relative } from "node:path";
import type { LoadedDataset } from "@semblance/data";
import pc from "picocolors";
import type { ResolvedJob } from "../job/resolve-job.js";
import { pathTable } from "../run/path-outcome.js";
import type { ValidationCurve } from "../run/read-metrics.js";
import { showScore } from "../run/render-run-report.js";
import { type RunResult, runJob } from "../run/run-job.js";
import { DONE, FAILED } from "../terminal/exit-status.js";
import { Progress } from "../terminal/progress.js";
import { table } from "../terminal/table.js";
import type { Context } from "./context.js";

export interface RunCommand {
  readonly resolved: ResolvedJob;
  readonly folder: string;
  readonly resume?: boolean;
  readonly data?: LoadedDataset;
  /** Whether the trained model is scored and reported on; true by default. */
  readonly report?: boolean;
}

/** Runs a job for a person: progress, a way to stop it, and the result as a table or as JSON. */
export async function runForTerminal(run: RunCommand, context: Context): Promise<number> {
  const { terminal, settings } = context;
  const result = await watchRun(run, context);
  const folder = relative("", result.folder) || ".";
  if (settings.json) terminal.out(`${JSON.stringify(documentOf(result))}\n`);
  else if (result.outcome) terminal.out(`${describe(result, folder, settings.color && terminal.colors.out)}\n`);
  return result.reason === "interrupted" ? tellOfStop(result, context) : DONE;
}

/** Runs a job with progress, and a way to stop it. */
export async function watchRun(run: RunCommand, { terminal, settings }: Context): Promise<RunResult> {
  const progress = new Progress(terminal, { quiet: settings.quiet, epochs: run.resolved.job.epochs });
  const stop = new AbortController();
  const ignore = terminal.onInterrupt(() => {
    stop.abort();
    progress.clear();
    if (!settings.quiet) terminal.err("stopping after this step; once more to end at once\n");
  });
  try {
    return await runJob({ ...run, signal: stop.signal, onEvent: progress.show });
  } finally {
    ignore();
    progress.clear();
  }
}

/** How to go on with a run that was stopped. @returns the exit status */
export function tellOfStop({ step, folder }: RunResult, { terminal }: Context): number {
  const path = relative("", folder) || ".";
  terminal.err(`stopped at step ${step}; go on with: semblance train --resume ${path}\n`);
  return FAILED;
}

function documentOf({ outcome, seconds, resumable: _, ...run }: RunResult) {
  return { ...run, seconds: Number(seconds.toFixed(3)), ...outcome };
}

function describe({ outcome, seconds }: RunResult, folder: string, color: boolean): string {
  const { bold, dim } = pc.createColors(color);
  const { scores, baseline, loss, clusters, scoredOn, files, path, validation } = outcome!;
  const cell = (score: (typeof scores)[number] | undefined) =>
    score?.value === undefined
      ? "–"
      : score.name === "used-clusters"
        ? `${score.value} of ${clusters}`
        : showScore(score.value);
  if (scores.length === 0) {
    return [
      `${loss}: nothing to score by, as there are no labels`,
      "",
      `${seconds.toFixed(1)} s`,
      dim(`${folder}: ${files.join(", ")}`),
    ].join("\n");
  }
  const header = ["", ...scores.map(({ name }) => name)];
  const ours = [loss, ...scores.map(cell)];
  const others = baseline
    ? [[baseline.name, ...scores.map(({ name }) => cell(baseline.scores.find((other) => other.name === name)))]]
    : [];
  const [first, ...rest] = table([header, ours, ...others]).split("\n");
  const noted = [...new Set(scores.flatMap(({ note }) => (note === undefined ? [] : [note])))];
  const notes = noted.map((note) => {
    const names = scores.flatMap((score) => (score.note === note ? [score.name] : []));
    return `${names.join(", ")}: ${note}`;
  });
  const reasons = scores.flatMap(({ name, reason }) => (reason === undefined ? [] : [`${name}: ${reason}`]));
  return [
    ...(path ? [table(pathTable(path)), "", path.summary, ""] : []),
    bold(first!),
    ...rest,
    "",
    `scored on ${scoredOn.description}, ${seconds.toFixed(1)} s`,
    ...notes,
    ...(validation ? [keptEpoch(validation)] : []),
    ...reasons,
    dim(`${folder}: ${files.join(", ")}`),
  ].join("\n");
}

function keptEpoch({ measure, kept, scores }: ValidationCurve): string {
  const { score } = scores.find(({ epoch }) => epoch === kept)!;
  return `kept epoch ${kept + 1} of ${scores.at(-1)!.epoch + 1}, by ${measure} ${showScore(score)} on rows held out of the training`;
}
