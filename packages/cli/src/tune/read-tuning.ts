import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SimpleScores } from "../run/render-run-report.js";
import type { Score } from "../run/score.js";
import { OF_CLUSTERS } from "../run/score-embeddings.js";
import type { tuningDocument } from "./tuning.js";

type TuningDocument = ReturnType<typeof tuningDocument>;

/** The scores of a run of `semblance tune`; undefined of other runs, and of one that did not get that far. */
export async function readTuning(run: string): Promise<TuningDocument | undefined> {
  try {
    return JSON.parse(await readFile(join(run, "tuning.json"), "utf8")) as TuningDocument;
  } catch {
    return undefined;
  }
}

/** The scores of the rows as they are tuned, for a report. */
export function scoresOfTuning({ spaces }: TuningDocument): Score[] {
  return scoresOf(spaces.at(-1));
}

/** Those of the better of the divergences of before, with the intervals of the differences. */
export function beforeTuning({ spaces, against }: TuningDocument): SimpleScores {
  const { name } = against;
  return {
    name,
    scores: scoresOf(spaces.find((space) => space.name === name)),
    intervals: Object.fromEntries(
      against.measures.map(({ measure, interval }) => [measure, { ...interval, level: 0.95 }]),
    ),
  };
}

const scoresOf = (space: TuningDocument["spaces"][number] | undefined): Score[] =>
  Object.entries(space?.scores ?? {}).map(([name, value]) => ({
    name,
    value,
    higherIsBetter: true,
    ...(name === "NMI" ? { note: OF_CLUSTERS } : {}),
  }));
