import type { ScoreCurves } from "@semblance/eval";
import type { EpochScores, ValidationCurve } from "./read-metrics.js";

export interface ScoredAlong {
  readonly evaluations: readonly EpochScores[];
  /** Of which rows the evaluations are. */
  readonly scoredOn: string;
  readonly validation?: ValidationCurve;
}

/**
 * Scores along the way as curves: of measures that stay within −1 and 1, as a count of clusters would make lines of the others, and of the rows that
 * an epoch was chosen by. One epoch is no curve.
 */
export function scoreCurvesOf({ evaluations, scoredOn, validation }: ScoredAlong): ScoreCurves | undefined {
  const names = [...new Set(evaluations.flatMap(({ scores }) => Object.keys(scores)))];
  const scored = names.map((name) => ({
    name,
    points: evaluations.flatMap(({ epoch, scores }) =>
      scores[name] === undefined ? [] : [{ epoch, score: scores[name] }],
    ),
  }));
  const chosenBy = validation && { name: `${validation.measure}, validation`, points: validation.scores };
  const isCurve = ({ points }: (typeof scored)[number]) =>
    points.length > 1 && points.every(({ score }) => Math.abs(score) <= 1);
  const lines = scored.filter(isCurve);
  const kept = chosenBy && chosenBy.points.length > 1 ? validation!.kept + 1 : undefined;
  const all = [...(kept === undefined ? [] : [chosenBy!]), ...lines];
  if (all.length === 0) return undefined;
  return {
    lines: all.map(({ name, points }) => ({
      name,
      points: points.map(({ epoch, score }) => ({ epoch: epoch + 1, score })),
    })),
    ...(kept === undefined ? {} : { kept }),
    note: [
      ...(kept === undefined ? [] : ["Validation is of rows held out of the training; its best epoch is kept."]),
      ...(lines.length === 0 ? [] : [`${kept === undefined ? "Of" : "The others are of"} ${scoredOn}.`]),
    ].join(" "),
  };
}
