import type { Dataset } from "@semblance/core";
import { predictRows, type TrainedModel } from "@semblance/estimators";
import type { Component } from "../job/job-schema.js";
import { compareSpaces } from "../spaces/compare-spaces.js";
import type { ScoredSpace } from "../spaces/print-spaces.js";
import { scorePairs } from "../spaces/score-pairs.js";
import { scoreSpace } from "../spaces/score-space.js";
import { featureSpace, learnedSpace, type Space } from "../spaces/space.js";
import type { Tuning } from "./tuning.js";

/** What rows are compared by where nothing is learned. */
const BEFORE = ["euclidean", "cosine"] as const;

export interface ScoreTuning {
  readonly trained: TrainedModel;
  readonly loss: Component;
  /** The part that was held out. */
  readonly data: Dataset;
  /** K of recall@K. */
  readonly k: number;
}

/** Scores held-out rows as they are and as they are tuned: by their classes where these are known, or else by their pairs. */
export async function scoreTuning({ trained, loss, data, k }: ScoreTuning): Promise<Tuning> {
  const { catalogue, backend } = trained;
  const before = BEFORE.map((name) => featureSpace(catalogue, name, data, "tune"));
  const after = learnedSpace("tuned", trained, loss, await predictRows(trained, data));
  const { labels, supervision } = data;
  const scoresOf = async (space: Space) =>
    labels
      ? await scoreSpace(space, { catalogue, backend, labels: labels.indices, k })
      : supervision?.form === "pairs"
        ? [await scorePairs(space, supervision, { catalogue, backend })]
        : [];
  const spaces: ScoredSpace[] = [];
  for (const space of [...before, after]) spaces.push({ name: space.name, scores: await scoresOf(space) });
  const ours = spaces.at(-1)!.scores;
  const best = spaces.slice(0, -1).reduce((a, b) => (b.scores[0]!.value > a.scores[0]!.value ? b : a));
  const count = labels ? labels.indices.length : supervision?.form === "pairs" ? supervision.similarity.length : 0;
  return {
    spaces,
    against: { name: best.name, rows: compareSpaces(ours, best.scores) },
    scored: { count, what: labels ? "rows" : "pairs" },
    warnings: before.flatMap(({ warnings }) => warnings),
  };
}
