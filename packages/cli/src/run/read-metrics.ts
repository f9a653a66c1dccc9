import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileError } from "@semblance/core/node";

/** Points of the curve that a picture can show. */
const MOST_POINTS = 2000;

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/**
 * The loss of each step of a run, thinned evenly where there are many. Lines that are cut short (the run goes on, or was killed) are
 * left out.
 *
 * @throws CheckpointError NOT_FOUND, FILE_FAILED
 */
export async function readLossCurve(run: string): Promise<LossPoint[]> {
  const points = (await readLines(run)).flatMap(({ step, loss }) =>
    typeof step === "number" && typeof loss === "number" ? [{ step, loss }] : [],
  );
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

/** Scores of an epoch, counted from 0. */
export interface EpochScores {
  readonly epoch: number;
  readonly scores: Readonly<Record<string, number>>;
}

/**
 * What a run scored along the way.
 *
 * @throws CheckpointError NOT_FOUND, FILE_FAILED
 */
export async function readEvaluations(run: string): Promise<EpochScores[]> {
  return (await readLines(run)).flatMap(({ epoch, evaluation }) =>
    typeof epoch === "number" && typeof evaluation === "object" && evaluation !== null
      ? [{ epoch, scores: evaluation as EpochScores["scores"] }]
      : [],
  );
}

/**
 * What a run noted as it began, such as what it computed once and why.
 *
 * @throws CheckpointError NOT_FOUND, FILE_FAILED
 */
export async function readNotes(run: string): Promise<string[]> {
  return (await readLines(run)).flatMap(({ note }) => (typeof note === "string" ? [note] : []));
}

/** How epochs did on the rows that were held out. */
export interface ValidationCurve {
  readonly measure: string;
  /** The epoch, counted from 0, whose weights were kept. */
  readonly kept: number;
  readonly scores: readonly { readonly epoch: number; readonly score: number }[];
}

/**
 * The scores of a run's epochs on held-out rows; undefined of a run that held none out.
 *
 * @throws CheckpointError NOT_FOUND, FILE_FAILED
 */
export async function readValidation(run: string): Promise<ValidationCurve | undefined> {
  const lines = (await readLines(run)).filter(({ validation }) => typeof validation === "object");
  const scored = lines.map(({ epoch, validation, best }) => {
    const [[measure, score]] = Object.entries(validation as Record<string, number>) as [[string, number]];
    return { measure, epoch: epoch as number, score, best };
  });
  const kept = scored.findLast(({ best }) => best);
  if (!kept) return undefined;
  return { measure: kept.measure, kept: kept.epoch, scores: scored.map(({ epoch, score }) => ({ epoch, score })) };
}

async function readLines(run: string): Promise<Record<string, unknown>[]> {
  const path = join(run, "metrics.jsonl");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw fileError(cause, path, "reading metrics");
  });
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
}
