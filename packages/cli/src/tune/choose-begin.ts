import { initialState, Key, Predictor } from "@semblance/core";
import type { LoadedDataset } from "@semblance/data";
import type { Component } from "../job/job-schema.js";
import type { ResolvedJob } from "../job/resolve-job.js";
import { settleJob } from "../job/settle-job.js";
import { learnerOf } from "../run/learner-of.js";
import { learningParts } from "../run/training-part.js";
import { validateEpochs } from "../run/validate-epochs.js";

/** What the head may begin with, the vectors as they are first: of equal ones the first is taken. */
export const BEGINS: readonly Component[] = [
  { name: "residual", begin: "item" },
  { name: "residual", begin: "relevant-components", shrinkage: 0.9 },
  { name: "residual", begin: "relevant-components", shrinkage: 0.75 },
  { name: "residual", begin: "relevant-components", shrinkage: 0.5 },
];

/** A beginning with its score on what is held out of the training, before any of it. */
export interface ScoredBegin {
  readonly model: Component;
  readonly score: number;
}

export interface ScoredBegins {
  readonly measure: string;
  readonly scored: readonly ScoredBegin[];
  readonly best: ScoredBegin;
}

/**
 * Scores heads before any training on what a job holds out of it.
 *
 * @param jobs the same job, but for its model
 */
export async function scoreBegins(jobs: readonly ResolvedJob[], { splits }: LoadedDataset): Promise<ScoredBegins> {
  const [first] = jobs;
  const { entry, config } = first!.catalogue.choose("backend", first!.job.backend, "backend");
  const backend = await entry.create(config);
  try {
    const scored: ScoredBegin[] = [];
    let measure = "";
    for (const { job: asked, catalogue } of jobs) {
      const job = settleJob(asked, catalogue, splits.train);
      const parts = learningParts(job, splits.train);
      const learner = learnerOf(job, catalogue, parts.train);
      const validation = (await validateEpochs({ job, learner, backend, parts, whole: splits.train }))!;
      const state = initialState(learner, Key.fromSeed(job.seed), backend.float);
      const predictor = new Predictor(backend, learner);
      try {
        await predictor.use(state);
        measure = validation.name;
        scored.push({ model: job.model, score: await validation.score(predictor, state) });
      } finally {
        await predictor.dispose();
      }
    }
    const best = scored.reduce((most, each) => (each.score > most.score ? each : most));
    return { measure, scored, best };
  } finally {
    await backend.dispose();
  }
}

/** The beginnings in words. */
export function describeBegins({ measure, scored, best }: ScoredBegins): string {
  const each = scored.map(({ model, score }) => `${nameOf(model)} ${score.toFixed(4)}`);
  return `before training, on what is held out to choose by, ${measure}: ${each.join(", ")}; begins with ${nameOf(best.model)}`;
}

const nameOf = ({ begin, shrinkage }: Component) =>
  begin === "item" ? "the vectors as they are" : `relevant components (shrinkage ${shrinkage})`;
