import type { FloatDType } from "../arrays/dtype.js";
import { ndarray } from "../arrays/nd-array.js";
import type { Arrays } from "../contracts/backend.js";
import type { ParameterTensors } from "../contracts/parameters.js";
import type { ActiveRegulariser, RegulariserTensors } from "../contracts/regulariser.js";
import { ShapeError } from "../errors.js";
import { spec } from "../ir/program.js";
import type { Tensor, TensorSpec } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { mul } from "../ops/mul.js";
import type { Key } from "../random/key.js";
import type { Learner } from "./learner.js";

/** What a step has that is the same for all regularisers. */
export type StepTensors = Omit<RegulariserTensors, "fed">;

/** The prefix of what is fed for a regulariser, or for one that makes an input of the loss. */
const ownPrefix = (index: number) => `regulariser/${index}/`;
const supplierPrefix = (input: string) => `supply/${input}/`;
/** Outputs of a step that are the values of regularisers. */
export const TERM = "term/";
const WEIGHT = "weight";
const STEP_SIZE = "step-size";

/** Everything of a learner that may be fed, with the prefix that it is fed under. */
function fedParts({ regularisers, suppliers }: Learner): { prefix: string; active: ActiveRegulariser }[] {
  return [
    ...regularisers.map(({ active }, index) => ({ prefix: ownPrefix(index), active })),
    ...suppliers.map(({ input, active }) => ({ prefix: supplierPrefix(input), active })),
  ];
}

/** The inputs that regularisers add to the training step: their own arrays, and their weights as scalars. */
export function regulariserInputs(learner: Learner, batchSize: number, float: FloatDType): Record<string, TensorSpec> {
  const inputs: Record<string, TensorSpec> = {};
  for (const { prefix, active } of fedParts(learner)) {
    for (const [name, { dtype, shape }] of Object.entries(active.feeds?.(batchSize).specs ?? {})) {
      inputs[`${prefix}fed/${name}`] = spec(dtype === "float" ? float : dtype, shape);
    }
  }
  learner.regularisers.forEach(({ active }, index) => {
    if (active.term) inputs[ownPrefix(index) + WEIGHT] = spec(float, []);
    if (active.proximal) inputs[ownPrefix(index) + STEP_SIZE] = spec(float, []);
  });
  return inputs;
}

export interface RegulariserFeedOptions {
  /** The run's key. */
  readonly key: Key;
  readonly step: number;
  readonly indices: Int32Array;
  readonly learningRate: number;
  readonly float: FloatDType;
  /** Instead of the learner's own weights, one for each regulariser: a program does not depend on them. */
  readonly weights?: readonly number[];
}

/** This step's arrays and weights, as feeds. */
export function regulariserFeeds(learner: Learner, options: RegulariserFeedOptions): Arrays {
  const { key, step, indices, learningRate, float, weights } = options;
  const feeds: Record<string, Arrays[string]> = {};
  for (const { prefix, active } of fedParts(learner)) {
    const own = active.feeds?.(indices.length);
    if (!own) continue;
    // By the step's number: what was drawn before does not matter, so that nothing has to be kept in a checkpoint.
    const filled = own.fill({ key: key.fold(prefix).fold(step), indices });
    for (const [name, { dtype, shape }] of Object.entries(own.specs)) {
      feeds[`${prefix}fed/${name}`] = ndarray(dtype === "float" ? float : dtype, shape, filled[name]!);
    }
  }
  learner.regularisers.forEach(({ active, weight: own }, index) => {
    const weight = weights?.[index] ?? own;
    if (active.term) feeds[ownPrefix(index) + WEIGHT] = ndarray(float, [], [weight]);
    if (active.proximal) feeds[ownPrefix(index) + STEP_SIZE] = ndarray(float, [], [weight * learningRate]);
  });
  return feeds;
}

/** Inputs of the loss that regularisers make, by name. */
export function supplyInputs(learner: Learner, tensors: StepTensors, fed: ParameterTensors): Record<string, Tensor> {
  return Object.fromEntries(
    learner.suppliers.flatMap(({ input, active }) => {
      const made = active.supply!({ ...tensors, fed: fedTo(fed, supplierPrefix(input)) })[input];
      return made ? [[input, made]] : [];
    }),
  );
}

/** What regularisers add to a loss, Σ weight·term, and each term and penalty by its label, unweighted. */
export function regulariserTerms(
  learner: Learner,
  tensors: StepTensors,
  fed: ParameterTensors,
): { readonly total: Tensor | undefined; readonly values: Record<string, Tensor> } {
  const values: Record<string, Tensor> = {};
  let total: Tensor | undefined;
  learner.regularisers.forEach(({ label, active }, index) => {
    const prefix = ownPrefix(index);
    if (active.term) {
      const term = active.term({ ...tensors, fed: fedTo(fed, prefix) });
      requireScalar(term, label);
      values[label] = term;
      const weighted = mul(term, fed[prefix + WEIGHT]!);
      total = total ? add(total, weighted) : weighted;
    } else if (active.penalty) {
      values[label] = active.penalty(tensors.parameters);
      requireScalar(values[label], label);
    }
  });
  return { total, values };
}

/** The weights after the proximal maps, in the order in which the regularisers stand. */
export function applyProximalMaps(
  learner: Learner,
  parameters: ParameterTensors,
  fed: ParameterTensors,
): ParameterTensors {
  let moved = { ...parameters };
  learner.regularisers.forEach(({ active }, index) => {
    if (active.proximal) moved = { ...moved, ...active.proximal(moved, fed[ownPrefix(index) + STEP_SIZE]!) };
  });
  return moved;
}

function fedTo(fed: ParameterTensors, prefix: string): ParameterTensors {
  const start = `${prefix}fed/`;
  return Object.fromEntries(
    Object.entries(fed).flatMap(([name, tensor]) =>
      name.startsWith(start) ? [[name.slice(start.length), tensor]] : [],
    ),
  );
}

function requireScalar(tensor: Tensor, label: string): void {
  if (tensor.rank === 0) return;
  throw new ShapeError("TERM_NOT_SCALAR", `the term is ${tensor}, not one number`, {
    where: `regulariser "${label}"`,
    fix: "Fold it into one number, for instance with mean.",
  });
}

/** The values of regularisers among a step's results, by label. */
export function termsOf(results: Arrays): Record<string, number> {
  return Object.fromEntries(
    Object.entries(results).flatMap(([name, { data }]) =>
      name.startsWith(TERM) ? [[name.slice(TERM.length), data[0]!]] : [],
    ),
  );
}

/** Sums over steps with one more step added: a new object, since earlier sums may be kept. */
export function addTerms(
  sums: Readonly<Record<string, number>>,
  terms: Readonly<Record<string, number>>,
): Record<string, number> {
  return {
    ...sums,
    ...Object.fromEntries(Object.entries(terms).map(([label, term]) => [label, (sums[label] ?? 0) + term])),
  };
}
