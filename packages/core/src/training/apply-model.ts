import { bindKernel } from "../container/bind-affinity.js";
import type { EmbeddingActivation, ModelContext, ModelOutputs } from "../contracts/model.js";
import type { ParameterTensors } from "../contracts/parameters.js";
import { ConfigError } from "../errors.js";
import { normalise } from "../functions/normalise.js";
import { softmax } from "../functions/softmax.js";
import { softplus } from "../functions/softplus.js";
import { square } from "../functions/square.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/add.js";
import { sigmoid } from "../ops/sigmoid.js";
import { sum } from "../ops/sum.js";
import type { Learner } from "./learner.js";

/** Carries are named by who owns them. */
export const MODEL = "model/";

/** The carries of a model that no gradient moves. */
export function runningNames({ model }: Learner): Set<string> {
  return new Set((model.entry.running?.(model.config) ?? []).map((name) => MODEL + name));
}

/** The model's weights that gradients move, by their own names. */
export function movedWeights(learner: Learner, carried: ParameterTensors): ParameterTensors {
  const running = runningNames(learner);
  return stripped(Object.fromEntries(Object.entries(carried).filter(([name]) => !running.has(name))), MODEL);
}

/**
 * The model on symbolic tensors, with its parameters found among the carries. Where the output of the head is the embedding, there are
 * no posteriors, and `logits` is that output before its activation.
 */
export function applyModel(
  { model, shape }: Pick<Learner, "model" | "shape">,
  carried: ParameterTensors,
  batch: { readonly data: Tensor; readonly indices: Tensor },
  training: boolean,
): ModelOutputs {
  const outputs = model.entry.apply(stripped(carried, MODEL), batch.data, model.config, {
    ...shape,
    training,
    indices: batch.indices,
    ...kernelsOf({ model }),
  });
  if (shape.embedding === undefined) return outputs;
  const { logits, running } = outputs;
  if (!logits) {
    throw new ConfigError("HEAD_MISSING", `model "${model.entry.name}" has no head to give embeddings`, {
      where: `model "${model.entry.name}"`,
      fix: "Choose a model whose apply gives logits, such as mlp.",
    });
  }
  return { logits, embeddings: ACTIVATIONS[shape.embedding](logits), ...(running && { running }) };
}

const ACTIVATIONS: Readonly<Record<EmbeddingActivation, (head: Tensor) => Tensor>> = {
  none: (head) => head,
  softplus,
  sigmoid,
  softmax: (head) => softmax(head),
  normalise,
};

/** The kernels that a model may be composed of. */
function kernelsOf({ model: { catalogue } }: Pick<Learner, "model">): Pick<ModelContext, "kernel"> {
  return catalogue ? { kernel: (reference) => bindKernel(catalogue, reference) } : {};
}

/** The squared norm of a model's weights: its own, or the sum of squares of its weight matrices, without biases. */
export function squaredNorm(learner: Learner, carried: ParameterTensors): Tensor {
  const { entry, config } = learner.model;
  const own = entry.squaredNorm?.(stripped(carried, MODEL), config, kernelsOf(learner));
  if (own) return own;
  const matrices = Object.values(movedWeights(learner, carried)).filter(({ rank }) => rank >= 2);
  return matrices.map((tensor) => sum(square(tensor))).reduce((total, part) => add(total, part));
}

export function stripped(carried: ParameterTensors, prefix: string): ParameterTensors {
  return Object.fromEntries(
    Object.entries(carried).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}
