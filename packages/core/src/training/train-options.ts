import type { Chosen } from "../container/catalogue.js";
import type { Arrays, Backend } from "../contracts/backend.js";
import type { Dataset } from "../contracts/dataset.js";
import type { FinishReason, TrainingListener } from "./events.js";
import type { Learner } from "./learner.js";
import type { Predictor } from "./predictor.js";
import type { PreparedTraining } from "./prepare-training.js";
import type { RunStore } from "./run-store.js";
import type { ScoredEpoch, Validation } from "./select-epoch.js";

export interface EarlyStopping {
  /** Epochs without improvement of the epoch's mean loss after which the run ends. */
  readonly patience: number;
  /** How much smaller the loss must get to count as an improvement. */
  readonly minimumChange: number;
}

export interface TrainOptions {
  readonly backend: Backend;
  readonly learner: Learner;
  readonly data: Dataset;
  readonly sampler: Chosen<"sampler">;
  readonly schedule: Chosen<"schedule">;
  readonly learningRate: number;
  /** The learning rate of the weights that the loss owns, such as proxies; `learningRate` by default. */
  readonly lossLearningRate?: number;
  readonly epochs: number;
  readonly seed: number;
  readonly clipNorm?: number;
  /**
   * The most bytes that a kernel or distance matrix over the whole data set may take, in float32; 1 GiB by default. Where it fits, it is
   * computed once and its part fed to each batch; elsewhere each batch computes its own.
   */
  readonly affinityLimit?: number;
  /** What `prepareTraining` made of these options, where it was asked before; it is made here otherwise. */
  readonly prepared?: PreparedTraining;
  readonly earlyStopping?: EarlyStopping;
  /** Scores epochs on held-out rows; the run ends with the weights of the best. */
  readonly validation?: Validation;
  /** Called every so many epochs and at the end, with the model and all weights as they then are. */
  readonly evaluate?: {
    readonly every: number;
    measure(predictor: Predictor, state: Arrays): Promise<Readonly<Record<string, number>>>;
  };
  /** Checkpoints are saved every so many epochs and steps, and at the end. */
  readonly checkpoint?: { readonly every?: number; readonly everySteps?: number };
  readonly store?: RunStore;
  /** Identifies the resolved job. */
  readonly run?: string;
  readonly resume?: boolean;
  readonly notes?: Readonly<Record<string, string>>;
  readonly onEvent?: TrainingListener;
  /** Ends the run after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  readonly reason: FinishReason;
  readonly step: number;
  /** Mean loss of each epoch of this call. */
  readonly losses: readonly number[];
  /** Weights and optimizer state; the weights are those of `selected` where there is one. */
  readonly state: Arrays;
  /** The best epoch by validation. */
  readonly selected?: ScoredEpoch;
}
