import { showShape } from "../arrays/nd-array.js";
import type { Catalogue, Chosen } from "../container/catalogue.js";
import type { ComponentReference } from "../contracts/entry.js";
import type { LossFacts } from "../contracts/loss.js";
import type { ParameterArrays } from "../contracts/parameters.js";
import { ConfigError } from "../errors.js";
import { Key } from "../random/key.js";
import type { Learner } from "./learner.js";
import { ownedWeights } from "./owned-weights.js";

/** A part of a run, at its beginning, in which another loss is trained with: a warm-up, or another miner. */
export interface StageOptions {
  readonly epochs: number;
  readonly loss: ComponentReference;
}

export interface Stage {
  /** The first epoch after it. */
  readonly until: number;
  readonly learner: Learner;
}

/** The learner of an epoch, counted from 0: that of the stage under way, or the learner itself after the last. */
export function learnerAt(learner: Learner, epoch: number): Learner {
  return learner.stages.find(({ until }) => epoch < until)?.learner ?? learner;
}

/**
 * That epochs are left for the loss itself.
 *
 * @throws ConfigError STAGES_TOO_LONG
 */
export function requireMainEpochs({ stages, loss }: Learner, epochs: number): void {
  const before = stages.at(-1)?.until ?? 0;
  if (before === 0 || before < epochs) return;
  throw new ConfigError("STAGES_TOO_LONG", `warm-up and stages take ${before} of ${epochs} epochs`, {
    where: "epochs",
    fix: `Set epochs to more than ${before}, so that "${loss.entry.name}" is trained with at all.`,
  });
}

/**
 * That the losses of stages leave the weights that the main loss owns to it: a run has one set of them.
 *
 * @throws ConfigError STAGE_OWNS_WEIGHTS
 */
export function requireStageWithoutWeights(
  catalogue: Catalogue,
  { stage, main, facts }: { stage: Chosen<"loss">; main: Chosen<"loss">; facts: LossFacts },
): void {
  const shapesOf = (loss: Chosen<"loss">) => shownShapes(ownedWeights(catalogue, loss, Key.fromSeed(0), facts));
  const own = shapesOf(stage);
  const kept = shapesOf(main);
  if (own.every((weight) => kept.includes(weight))) return;
  throw new ConfigError("STAGE_OWNS_WEIGHTS", `loss "${stage.entry.name}" owns weights that the run does not keep`, {
    where: `loss "${stage.entry.name}" in a stage before "${main.entry.name}"`,
    fix: "Use a loss without weights in the stage, such as classification/cross-entropy, or the main loss with other keys.",
  });
}

const shownShapes = (weights: ParameterArrays) =>
  Object.entries(weights).map(([name, { shape }]) => `${name} ${showShape(shape)}`);
