import type { Chosen } from "../container/catalogue.js";
import type { Arrays, Backend } from "../contracts/backend.js";
import type { Dataset } from "../contracts/dataset.js";
import type { Learner } from "./learner.js";
import { PathStages } from "./path-stages.js";
import type { PreparedTraining } from "./prepare-training.js";
import { requireRegularisationPath } from "./require-regularisation-path.js";

export interface RegularisationPathOptions {
  readonly backend: Backend;
  /** A learner with one regulariser that selects features, such as group-lasso; its weight is where the path begins. */
  readonly learner: Learner;
  readonly data: Dataset;
  readonly sampler: Chosen<"sampler">;
  readonly learningRate: number;
  /** Epochs of the training without penalty, and the most of each step of the path. */
  readonly epochs: number;
  readonly seed: number;
  /** What the weight is multiplied by from step to step; 1.05 by default. */
  readonly growth?: number;
  /** The path ends once no more features than these are selected; 2 by default. */
  readonly minimumFeatures?: number;
  /** Epochs without improvement after which a step of the path ends; 10 by default. */
  readonly patience?: number;
  /** What counts as one: a score above (2 − threshold)·best or a penalty below threshold·best; 0.99 by default. */
  readonly improvementThreshold?: number;
  /** The share of the best score with all features that a step must reach to be kept; 0.9 by default. */
  readonly keepThreshold?: number;
  /** The path ends after so many steps whatever is selected; 1000 by default. */
  readonly maximumSteps?: number;
  /**
   * Whether each step compares rows by the features that the one before selected, and by no others; false by default. Scores of two
   * steps are then of two scales, so that no step is kept before the last.
   */
  readonly dynamic?: boolean;
  readonly clipNorm?: number;
  /** The most bytes that a kernel or distance matrix over the whole data set may take; 1 GiB by default. */
  readonly affinityLimit?: number;
  /** What `prepareTraining` made of these options, where it was asked before. */
  readonly prepared?: PreparedTraining;
  readonly onBatch?: (batch: PathBatch) => void;
  /** Called, and waited for, after each stage, the first one without penalty among them. */
  readonly onStep?: (step: PathStep) => void | Promise<void>;
  /** Called, and waited for, after each stage that is kept until a later one is. */
  readonly onKept?: (kept: KeptStage) => void | Promise<void>;
  /** Ends the path after the batch under way. A stage of the path that does not come to its end is left out. */
  readonly signal?: AbortSignal;
}

/** What a batch of a stage gave. */
export interface PathBatch {
  /** From 1, over all stages. */
  readonly step: number;
  /** From 0, over all stages. */
  readonly epoch: number;
  /** The weight of the penalty. */
  readonly weight: number;
  /** What was minimised. */
  readonly loss: number;
  /** That without the regularisers. */
  readonly objective: number;
  /** The value of each regulariser before its weight. */
  readonly terms: Readonly<Record<string, number>>;
}

/** A stage of the path, after its training. */
export interface PathStep {
  /** The weight of the penalty; 0 for the training that comes before the path. */
  readonly weight: number;
  /** The objective without the penalty in the literature's sign, as the mean over the batches of the last epoch. */
  readonly score: number;
  /** The penalty without its weight, as that mean. */
  readonly penalty: number;
  /** The features that are selected. */
  readonly selected: readonly number[];
  readonly epochs: number;
}

/** A stage with the weights of the model at its end. */
export interface KeptStage {
  readonly stage: PathStep;
  readonly state: Arrays;
  /** Batches that were trained on until then, over all stages. */
  readonly batches: number;
}

export interface RegularisationPath {
  /** The training without penalty. */
  readonly start: PathStep;
  /** Histories of score, penalty, weight and features. */
  readonly steps: readonly PathStep[];
  /**
   * The last stage whose score reaches keepThreshold times the best one with all features (the very last one of a dynamic path), and
   * the weights of the model then.
   */
  readonly kept: PathStep;
  readonly state: Arrays;
  /** Batches that were trained on until then, over all stages. */
  readonly batches: number;
  readonly reason: "minimum-features" | "maximum-steps" | "interrupted";
}

/**
 * Trains a sparse model along a path of growing penalties, so that features leave one after the other.
 *
 * First without penalty by the learner's own optimizer; then by gradient descent with Nesterov momentum 0.9, the penalty's weight
 * growing by a factor from step to step, each starting where the one before ended.
 *
 * @throws ConfigError NOTHING_SELECTS, PATH_INVALID; DataError AFFINITY_TOO_LARGE of a dynamic path; DivergedError LOSS_NOT_FINITE
 *
 * Source   Lemhadri et al., LassoNet: A Neural Network with Feature Sparsity, JMLR 22 (2021), algorithm 1
 */
export async function regularisationPath(options: RegularisationPathOptions): Promise<RegularisationPath> {
  requireRegularisationPath(options);
  const { learner, growth = 1.05, minimumFeatures = 2, keepThreshold = 0.9, maximumSteps = 1000 } = options;
  const { dynamic = false, signal, onStep, onKept } = options;
  const stages = new PathStages(options);
  try {
    await stages.prepare();
    const start = await stages.train(0, false);
    let kept = await stages.keep(start);
    const steps: PathStep[] = [];
    const last = () => steps.at(-1) ?? start;
    const reasonToEnd = (): RegularisationPath["reason"] | undefined => {
      if (signal?.aborted) return "interrupted";
      if (last().selected.length <= minimumFeatures) return "minimum-features";
      return steps.length >= maximumSteps ? "maximum-steps" : undefined;
    };
    await onStep?.(start);
    await onKept?.(kept);
    let fullScore = start.score;
    let weight = learner.regularisers[stages.selecting]!.weight;
    let reason = reasonToEnd();
    if (!reason) await stages.descend();
    while (!reason) {
      if (dynamic) await stages.compareBy(last().selected);
      const step = await stages.train(weight, true);
      if (!signal?.aborted) {
        steps.push(step);
        await onStep?.(step);
        if (step.selected.length === start.selected.length) fullScore = Math.max(fullScore, step.score);
        if (dynamic || step.score >= keepThreshold * fullScore) {
          kept = await stages.keep(step);
          await onKept?.(kept);
        }
        weight *= growth;
      }
      reason = reasonToEnd();
    }
    return { start, steps, kept: kept.stage, state: kept.state, batches: kept.batches, reason };
  } finally {
    await stages.dispose();
  }
}
