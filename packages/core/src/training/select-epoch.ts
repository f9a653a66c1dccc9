import type { Arrays } from "../contracts/backend.js";
import { MODEL } from "./apply-model.js";
import type { Predictor } from "./predictor.js";
import { LOSS } from "./train-step.js";

/** How the epoch whose weights a run ends with is chosen: by a score on rows that are held out of the training. */
export interface Validation {
  /** What the score is called, such as `knn-accuracy`. */
  readonly name: string;
  readonly higherIsBetter: boolean;
  /** Epochs between two scores; the last epoch is scored in any case, epochs of a stage are not. */
  readonly every: number;
  /** Whether the weights before the first step are scored too, as epoch −1: the run then never ends with what is worse than they are. */
  readonly start?: boolean;
  /** Scores in a row, none better than the best before them, after which the run ends; without it, it goes on to its last epoch. */
  readonly patience?: number;
  /** Scores the model and all weights as they are after an epoch. A score that is not a number is never the best. */
  score(predictor: Predictor, state: Arrays): Promise<number>;
}

/** An epoch, counted from 0, with its score; −1 is what there is before the first. */
export interface ScoredEpoch {
  readonly epoch: number;
  readonly step: number;
  readonly score: number;
}

/** The part of a run's progress that tells of validation. */
export interface ValidationProgress {
  readonly best: ScoredEpoch | null;
  /** Scores since then. */
  readonly waited: number;
}

const BEST = "best/";

/**
 * Keeps the weights of the best epoch so far: parameters of the model, its running statistics, and what the loss owns. The optimizer's state
 * is not kept, since nothing is trained on from there. Of equal scores the first is the best.
 */
export class EpochSelection {
  #weights: Arrays = {};

  constructor(private readonly validation: Validation) {}

  isDue(epoch: number, last: boolean): boolean {
    return last || (epoch + 1) % this.validation.every === 0;
  }

  /** Takes an epoch's score, and its weights where it is the best. */
  take({ best, waited }: ValidationProgress, scored: ScoredEpoch, state: Arrays): ValidationProgress {
    const gain = best === null ? 0 : scored.score - best.score;
    const better = best === null ? !Number.isNaN(scored.score) : this.validation.higherIsBetter ? gain > 0 : gain < 0;
    if (!better) return { best, waited: waited + 1 };
    this.#weights = weightsOf(state);
    return { best: scored, waited: 0 };
  }

  hasWaited({ waited }: ValidationProgress): boolean {
    const { patience } = this.validation;
    return patience !== undefined && waited >= patience;
  }

  /** A state with the weights of the best epoch; as it is where there is none. */
  withBest(state: Arrays): Arrays {
    return { ...state, ...this.#weights };
  }

  /** What a checkpoint keeps: the weights of the best epoch beside a state of another one. */
  beside(state: Arrays, step: number, { best }: ValidationProgress): Arrays {
    if (best?.step === step) return state;
    const other = Object.entries(this.#weights).filter(([name, array]) => state[name] !== array);
    return { ...state, ...Object.fromEntries(other.map(([name, array]) => [BEST + name, array])) };
  }

  /** Goes on from a checkpoint: weights that it does not keep apart are those of its own state. */
  restore({ best }: ValidationProgress, arrays: Arrays): void {
    if (best === null) return;
    this.#weights = Object.fromEntries(
      Object.entries(weightsOf(arrays)).map(([name, array]) => [name, arrays[BEST + name] ?? array]),
    );
  }
}

const weightsOf = (state: Arrays): Arrays =>
  Object.fromEntries(Object.entries(state).filter(([name]) => name.startsWith(MODEL) || name.startsWith(LOSS)));
