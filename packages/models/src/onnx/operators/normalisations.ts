import {
  abs,
  add,
  div,
  equal,
  euclideanNorm,
  mean,
  mul,
  pad,
  pow,
  reshape,
  sizeOf,
  sliceAxes,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  where,
} from "@semblance/core";
import type { OnnxNode } from "../onnx-model.js";
import type { Call, Operator } from "../translate/call.js";
import { along, axesOf, axisOf } from "./broadcasting.js";

const MOST_CHANNELS_IN_A_WINDOW = 4096;

/** Normalisations. Statistics that a file holds stay what they are. */
export const normalisations: Readonly<Record<string, Operator>> = {
  BatchNormalization: { translate: batchNormalization, refuse: refuseTraining },
  GroupNormalization: { translate: groupNormalization },
  InstanceNormalization: { translate: instanceNormalization },
  LRN: { translate: localResponse },
  LayerNormalization: { translate: layerNormalization },
  LpNormalization: { translate: lpNormalization },
  MeanVarianceNormalization: { translate: meanVariance },
  RMSNormalization: { translate: rootMeanSquare },
};

/** Frozen statistics are all that is computed: with those of the batch a node would have to change its own weights. */
function refuseTraining({ attributes, outputs }: OnnxNode): string | undefined {
  const flag = (name: string) => {
    const attribute = attributes.get(name);
    return attribute?.kind === "int" ? attribute.value : undefined;
  };
  if (flag("training_mode") === 1) return "training_mode = 1 takes the statistics of the batch";
  if (flag("spatial") === 0) return "spatial = 0 keeps statistics for every place";
  return outputs.slice(1).some((name) => name !== "")
    ? "more than one result means that statistics are updated"
    : undefined;
}

/** scale·(x − μ)/√(σ² + ε) + B, each of one channel. */
function batchNormalization(call: Call): Tensor {
  const x = call.number(0);
  const [scale, offset, mu, variance] = [1, 2, 3, 4].map((at) => along(call.number(at), 1, x.rank)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const factor = div(scale, sqrt(add(variance, call.float32("epsilon", 1e-5))));
  return add(mul(sub(x, mu), factor), offset);
}

/** Mean 0 and variance 1 over axes, with what was subtracted and what was multiplied by. */
function standardised(x: Tensor, axes: readonly number[], epsilon: number) {
  const mu = mean(x, { axes, keepDims: true });
  const centred = sub(x, mu);
  const inverse = div(1, sqrt(add(mean(square(centred), { axes, keepDims: true }), epsilon)));
  return { y: mul(centred, inverse), mu, inverse };
}

function instanceNormalization(call: Call): Tensor {
  const x = call.number(0);
  const axes = x.shape.map((_, axis) => axis).slice(2);
  const { y } = standardised(x, axes, call.float32("epsilon", 1e-5));
  return add(mul(y, along(call.number(1), 1, x.rank)), along(call.number(2), 1, x.rank));
}

/** Scale and bias have one number for each group before operator set 21, one for each channel from then on. */
function groupNormalization(call: Call): Tensor {
  const x = call.number(0);
  const [items = 0, channels = 0, ...rest] = x.shape;
  const groups = call.int("num_groups", 0);
  if (groups < 1 || channels % groups !== 0) throw call.fault(`${groups} groups of ${channels} channels`);
  const grouped = reshape(x, [items, groups, (channels / groups) * sizeOf(rest)]);
  const { y } = standardised(grouped, [2], call.float32("epsilon", 1e-5));
  if (call.opset < 21) {
    return reshape(add(mul(y, along(call.number(1), 1, 3)), along(call.number(2), 1, 3)), x.shape);
  }
  return add(mul(reshape(y, x.shape), along(call.number(1), 1, x.rank)), along(call.number(2), 1, x.rank));
}

const fromAxis = (call: Call, x: Tensor) => {
  const first = axisOf(call, call.int("axis", -1), x.rank);
  return x.shape.map((_, axis) => axis).slice(first);
};

/** Over all axes from one on; also gives the mean and the inverse deviation. */
function layerNormalization(call: Call): readonly Tensor[] {
  const x = call.number(0);
  const { y, mu, inverse } = standardised(x, fromAxis(call, x), call.float32("epsilon", 1e-5));
  const scaled = mul(y, call.number(1));
  return [call.has(2) ? add(scaled, call.number(2)) : scaled, mu, inverse];
}

function rootMeanSquare(call: Call): Tensor {
  const x = call.number(0);
  const size = sqrt(add(mean(square(x), { axes: fromAxis(call, x), keepDims: true }), call.float32("epsilon", 1e-5)));
  return mul(div(x, size), call.number(1));
}

/** x/‖x‖ₚ along an axis, and 0 where the norm is 0. */
function lpNormalization(call: Call): Tensor {
  const x = call.number(0);
  const axes = [axisOf(call, call.int("axis", -1), x.rank)];
  const p = call.int("p", 2);
  if (p !== 1 && p !== 2) throw call.fault(`p = ${p}, and 1 or 2 is taken`);
  const size = p === 1 ? sum(abs(x), { axes, keepDims: true }) : euclideanNorm(x, { axes, keepDims: true });
  const zero = equal(size, 0);
  return where(zero, 0, div(x, where(zero, 1, size)));
}

function meanVariance(call: Call): Tensor {
  const x = call.number(0);
  const axes = axesOf(call, call.ints("axes") ?? [0, 2, 3], x.rank);
  const centred = sub(x, mean(x, { axes, keepDims: true }));
  return div(centred, add(sqrt(mean(square(centred), { axes, keepDims: true })), 1e-9));
}

/** x/(bias + α/size·Σ x²)^β, the sum over `size` neighbouring channels. */
function localResponse(call: Call): Tensor {
  const x = call.number(0);
  const size = call.int("size", 0);
  if (size < 1 || size > MOST_CHANNELS_IN_A_WINDOW) throw call.fault(`a window of ${size} channels`);
  const before = Math.floor((size - 1) / 2);
  const sides = (channels: number) => x.shape.map((_, axis) => (axis === 1 ? channels : 0));
  const squares = pad(square(x), { before: sides(before), after: sides(size - 1 - before) });
  const steps = x.shape.map(() => 1);
  let total: Tensor | undefined;
  for (let at = 0; at < size; at++) {
    const part = sliceAxes(squares, { starts: sides(at), sizes: x.shape, steps });
    total = total ? add(total, part) : part;
  }
  const inner = add(mul(total!, call.float32("alpha", 1e-4) / size), call.float32("bias", 1));
  return div(x, pow(inner, call.float32("beta", 0.75)));
}
