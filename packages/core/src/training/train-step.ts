import type { FloatDType } from "../arrays/dtype.js";
import { convert } from "../arrays/dtype.js";
import { ndarray, sizeOf } from "../arrays/nd-array.js";
import type { SettledAffinity } from "../container/bind-affinity.js";
import { buildContext } from "../container/build-context.js";
import type { Arrays } from "../contracts/backend.js";
import type { ModelOutputs } from "../contracts/model.js";
import type { ParameterArrays, ParameterTensors } from "../contracts/parameters.js";
import { ConfigError } from "../errors.js";
import { checkLossInputs } from "../evaluation/check-loss-inputs.js";
import { mean } from "../functions/mean.js";
import { square } from "../functions/square.js";
import { gradients } from "../ir/grad.js";
import { type Program, spec, trace } from "../ir/program.js";
import type { Tensor, TensorSpec } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { div } from "../ops/div.js";
import { maximum } from "../ops/maximum.js";
import { mul } from "../ops/mul.js";
import { reshape } from "../ops/reshape.js";
import { sqrt } from "../ops/sqrt.js";
import { sum } from "../ops/sum.js";
import type { Key } from "../random/key.js";
import { unsettledAffinity } from "./affinity/comparison.js";
import { applyModel, MODEL, movedWeights, runningNames, squaredNorm, stripped } from "./apply-model.js";
import { drawInputs, drawnInputs } from "./draws.js";
import type { Learner } from "./learner.js";
import { MonitorSink } from "./monitors.js";
import { ownedWeights } from "./owned-weights.js";
import {
  applyProximalMaps,
  regulariserInputs,
  regulariserTerms,
  type StepTensors,
  supplyInputs,
  TERM,
} from "./regulariser-step.js";

/** Carries are named by who owns them. */
export const LOSS = "loss/";
const OPTIMIZER = "optimizer/";
const SCALAR = "scalar/";
const LOSS_SCALAR = "loss-scalar/";

export interface TrainStepOptions {
  readonly float: FloatDType;
  readonly batchSize: number;
  /** Gradients are scaled down to this global Euclidean norm where theirs is larger. */
  readonly clipNorm?: number;
  /** Whether the weights that the loss owns are moved at a rate of their own, fed beside the other. */
  readonly ownLossRate?: boolean;
  /** What is settled of the kernel or distance that the loss compares rows by. */
  readonly affinity?: SettledAffinity;
}

/** Parameters of model and loss before the first step, and zeros for the optimizer. */
export function initialState(learner: Learner, key: Key, float: FloatDType): Arrays {
  const { model, loss, optimizer } = learner;
  const state: Record<string, Arrays[string]> = {};
  const addAll = (prefix: string, parameters: ParameterArrays) => {
    for (const [name, array] of Object.entries(parameters)) {
      state[prefix + name] = ndarray(float, array.shape, convert(float, array.data));
    }
  };
  addAll(MODEL, model.entry.init(key.fold("model"), learner.shape, model.config));
  addAll(MODEL, learner.fixed);
  addAll(LOSS, ownedWeights(learner.catalogue, loss, key.fold("loss"), learner.facts));
  const running = unmovedNames(learner);
  for (const [name, array] of Object.entries({ ...state })) {
    if (running.has(name)) continue;
    for (const slot of optimizer.entry.slots(optimizer.config)) {
      state[`${OPTIMIZER}${slot}/${name}`] = ndarray(float, array.shape, new Float64Array(sizeOf(array.shape)));
    }
  }
  return state;
}

/** Carries that no gradient moves: running statistics of the model, and what the loss moves by itself. */
function unmovedNames(learner: Learner): Set<string> {
  const { entry, config } = learner.loss;
  return new Set([...runningNames(learner), ...(entry.running?.(config) ?? []).map((name) => LOSS + name)]);
}

/**
 * This step's scalars, as feeds.
 *
 * @param lossRate the learning rate of the weights that the loss owns, where `ownLossRate` is set
 */
export function scalarFeeds(
  learner: Learner,
  step: number,
  learningRate: number,
  float: FloatDType,
  lossRate?: number,
): Arrays {
  const { entry, config } = learner.optimizer;
  const feeds = (prefix: string, rate: number) =>
    Object.entries(entry.scalars(step, rate, config)).map(
      ([name, value]) => [prefix + name, ndarray(float, [], [value])] as const,
    );
  return Object.fromEntries([
    ...feeds(SCALAR, learningRate),
    ...(lossRate === undefined ? [] : feeds(LOSS_SCALAR, lossRate)),
  ]);
}

/**
 * Traces one training step: forward, loss, gradients, optimizer.
 *
 * Inputs are `data` [b, …item], `indices` [b], `labels` [b] where the loss reads them (or `relations` [b, b] where there are none),
 * `draw/NAME` for what the loss has drawn, and the optimizer's scalars; carries are all
 * weights and the optimizer's state. Outputs: `loss` [] and, where the model has posteriors, `shares` [k], the mean posterior of each
 * cluster over the batch. With regularisers there are also their inputs (`regulariserFeeds` makes them), the output `objective`, which
 * is the loss without their terms, and an output `term/LABEL` [] for each. Where the matrix of the loss's kernel or distance is fed,
 * there is the input `affinity` [b, b]. What the loss tells to watch are outputs `monitor/NAME`.
 */
export function traceTrainStep(learner: Learner, state: Arrays, options: TrainStepOptions): Program {
  const { float, batchSize } = options;
  const { shape } = learner;
  const inputs: Record<string, TensorSpec> = {
    data: spec(float, [batchSize, ...shape.item]),
    indices: spec("int32", [batchSize]),
    ...(learner.loss.entry.inputs.labels && learner.facts.classes !== undefined
      ? { labels: spec("int32", [batchSize]) }
      : {}),
    ...(readsRelations(learner) ? { relations: spec(float, [batchSize, batchSize]) } : {}),
    ...drawInputs(learner, batchSize, float),
  };
  const scalars = scalarFeeds(learner, 1, 1, float, options.ownLossRate ? 1 : undefined);
  for (const [name, { dtype }] of Object.entries(scalars)) inputs[name] = spec(dtype, []);
  const affinity = options.affinity ?? unsettledAffinity(learner);
  if (affinity?.fed) inputs.affinity = spec(float, [batchSize, batchSize]);
  Object.assign(inputs, regulariserInputs(learner, batchSize, float));
  const carries = Object.fromEntries(
    Object.entries(state).map(([name, array]) => [name, spec(array.dtype, array.shape)]),
  );
  return trace({
    name: "train-step",
    inputs,
    carries,
    build(fed, carried) {
      const outputs = applyModel(learner, carried, { data: fed.data!, indices: fed.indices! }, true);
      const tensors = stepTensors(learner, carried, fed, outputs, float);
      const supplied = { ...supplyInputs(learner, tensors, fed), ...drawnInputs(learner, batchSize, fed) };
      const { objective, advanced, monitors } = buildLoss(learner, carried, fed, outputs, supplied, affinity);
      const terms = regulariserTerms(learner, tensors, fed);
      const loss = terms.total ? add(objective, terms.total) : objective;
      const next = update(learner, loss, carried, fed, options);
      for (const [name, tensor] of Object.entries(outputs.running ?? {})) next[MODEL + name] = tensor;
      for (const [name, tensor] of Object.entries(advanced)) next[LOSS + name] = tensor;
      const results: Record<string, Tensor> = { loss, ...monitors };
      if (terms.total) results.objective = objective;
      for (const [label, value] of Object.entries(terms.values)) results[TERM + label] = value;
      if (outputs.posteriors) results.shares = mean(outputs.posteriors, { axes: [0] });
      return { outputs: results, carries: next };
    },
  });
}

/** Whether the loss of a learner is told how rows belong together, for want of labels. */
export function readsRelations({ loss, facts }: Learner): boolean {
  return facts.supervised === true && facts.classes === undefined && loss.entry.inputs.relations !== undefined;
}

/** What regularisers see of a step. */
function stepTensors(
  learner: Learner,
  carried: ParameterTensors,
  { data, indices, labels }: ParameterTensors,
  { logits, posteriors, embeddings }: ModelOutputs,
  float: FloatDType,
): StepTensors {
  return {
    data: data!,
    indices: indices!,
    ...(labels && { labels }),
    ...(logits && { logits }),
    ...(posteriors && { posteriors }),
    ...(embeddings && { embeddings }),
    parameters: movedWeights(learner, carried),
    float,
    apply(x) {
      // As in training, on statistics of the batch; the running ones move by the batch itself alone.
      const { running: _, ...made } = applyModel(learner, carried, { data: x, indices: indices! }, true);
      return made;
    },
  };
}

interface BuiltLoss {
  readonly objective: Tensor;
  /** The next values of weights that the loss moves by itself. */
  readonly advanced: ParameterTensors;
  readonly monitors: Readonly<Record<string, Tensor>>;
}

function buildLoss(
  learner: Learner,
  carried: ParameterTensors,
  fed: ParameterTensors,
  outputs: ModelOutputs,
  supplied: ParameterTensors,
  affinity: SettledAffinity | undefined,
): BuiltLoss {
  const { entry, config } = learner.loss;
  const { data, labels, indices, relations } = fed;
  const rows = reshape(data!, [data!.shape[0]!, sizeOf(data!.shape.slice(1))]);
  const { posteriors, logits, embeddings } = outputs;
  const norm = entry.inputs.squaredNorm ? squaredNorm(learner, carried) : undefined;
  const known: Readonly<Record<string, Tensor | undefined>> = {
    posteriors,
    logits,
    embeddings,
    data: rows,
    labels,
    relations,
    indices,
    affinity: fed.affinity,
    squaredNorm: norm,
    ...supplied,
  };
  const inputs: Record<string, Tensor> = {};
  for (const [name, { optional }] of Object.entries(entry.inputs)) {
    const tensor = known[name];
    if (tensor) inputs[name] = tensor;
    else if (!optional) {
      throw new ConfigError(
        "LOSS_INPUT_MISSING",
        `loss "${entry.name}" needs ${name}, which model "${learner.model.entry.name}" does not give`,
        {
          where: `loss "${entry.name}"`,
          fix: "Choose a model or a loss that fits the other.",
        },
      );
    }
  }
  checkLossInputs(entry, inputs);
  const sink = new MonitorSink();
  const cx = buildContext(learner.catalogue, stripped(carried, LOSS), affinity, sink.tell);
  const objective = entry.build(inputs, config, cx);
  return { objective, advanced: entry.advance?.(inputs, config, cx) ?? {}, monitors: sink.values };
}

function update(
  learner: Learner,
  loss: Tensor,
  carried: ParameterTensors,
  fed: ParameterTensors,
  { clipNorm, ownLossRate }: TrainStepOptions,
): Record<string, Tensor> {
  const { entry, config } = learner.optimizer;
  const running = unmovedNames(learner);
  const names = Object.keys(carried).filter((name) => !name.startsWith(OPTIMIZER) && !running.has(name));
  const raw = gradients(
    loss,
    names.map((name) => carried[name]!),
  );
  const clipped = clipNorm === undefined ? raw : clipGlobalNorm(raw, clipNorm);
  const scalars = stripped(fed, SCALAR);
  const lossScalars = ownLossRate ? stripped(fed, LOSS_SCALAR) : scalars;
  const next: Record<string, Tensor> = {};
  names.forEach((name, index) => {
    const slots = Object.fromEntries(
      entry.slots(config).map((slot) => [slot, carried[`${OPTIMIZER}${slot}/${name}`]!]),
    );
    const own = name.startsWith(LOSS) ? lossScalars : scalars;
    const moved = entry.update({ parameter: carried[name]!, gradient: clipped[index]!, slots, scalars: own }, config);
    next[name] = moved.parameter;
    for (const [slot, tensor] of Object.entries(moved.slots)) next[`${OPTIMIZER}${slot}/${name}`] = tensor;
  });
  const weights = stripped(next, MODEL);
  for (const [name, tensor] of Object.entries(applyProximalMaps(learner, weights, fed))) next[MODEL + name] = tensor;
  return next;
}

/** g·c/max(c, ‖g‖) with the norm over all gradients together. */
export function clipGlobalNorm(all: readonly Tensor[], clipNorm: number): Tensor[] {
  const norm = sqrt(all.map((gradient) => sum(square(gradient))).reduce((total, part) => add(total, part)));
  const room = maximum(norm, clipNorm);
  return all.map((gradient) => mul(gradient, div(clipNorm, room)));
}
