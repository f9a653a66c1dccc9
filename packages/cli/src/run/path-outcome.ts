import type { Dataset, PathStep, RegularisationPath } from "@semblance/core";

/** A step of a path, as people read it. */
export interface PathStage {
  /** The weight of the penalty; 0 before the path. */
  readonly alpha: number;
  /** The objective without the penalty in the literature's sign. */
  readonly score: number;
  /** The penalty without its weight. */
  readonly penalty: number;
  /** The features that are selected, by name where columns have one, by position from 0 otherwise. */
  readonly features: readonly (string | number)[];
  readonly epochs: number;
  readonly kept: boolean;
}

/** What `path.json` of a run folder holds. */
export interface PathOutcome {
  readonly reason: RegularisationPath["reason"];
  /** Which step was kept, in words. */
  readonly summary: string;
  /** Features of the data. */
  readonly features: number;
  /** The training without penalty, and the steps of the path. */
  readonly stages: readonly PathStage[];
}

/** Names that a line holds. */
const MOST_NAMES = 12;

/** A path with the names of its features. */
export function pathOutcome(
  { start, steps, kept, reason }: RegularisationPath,
  { columns }: Dataset,
  features: number,
): PathOutcome {
  const named = (stage: PathStep): PathStage => ({
    alpha: stage.weight,
    score: stage.score,
    penalty: stage.penalty,
    features: stage.selected.map((feature) => columns?.[feature] ?? feature),
    epochs: stage.epochs,
    kept: stage === kept,
  });
  return { reason, summary: summaryOf(named(kept), features), features, stages: [start, ...steps].map(named) };
}

/** The first of many features. */
export const featureNames = ({ features }: Pick<PathStage, "features">): string =>
  features.slice(0, MOST_NAMES).join(", ") + (features.length > MOST_NAMES ? ", …" : "");

function summaryOf({ alpha, features: names, score }: PathStage, features: number): string {
  const at = alpha === 0 ? "before the penalty" : `at alpha ${alpha.toPrecision(3)}`;
  return `kept ${names.length} of ${features} features ${at}, score ${score.toPrecision(5)}: ${featureNames({ features: names })}`;
}

/** Rows of text: the last step with each number of features, and the one that is kept. */
export function pathTable({ stages }: PathOutcome): string[][] {
  const told = stages.filter(
    ({ features, kept, alpha }, at) =>
      kept || alpha === 0 || stages[at + 1] === undefined || stages[at + 1]!.features.length !== features.length,
  );
  return [
    ["alpha", "features", "score", "penalty", "epochs", ""],
    ...told.map(({ alpha, features, score, penalty, epochs, kept }) => [
      alpha === 0 ? "0" : alpha.toPrecision(3),
      String(features.length),
      score.toPrecision(5),
      penalty.toPrecision(4),
      String(epochs),
      kept ? "kept" : "",
    ]),
  ];
}
