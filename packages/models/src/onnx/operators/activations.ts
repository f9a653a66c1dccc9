import {
  abs,
  add,
  argMax,
  clamp,
  div,
  erf,
  exp,
  greater,
  less,
  logSoftmax,
  maximum,
  minimum,
  mul,
  oneHot,
  relu,
  reshape,
  sigmoid,
  sizeOf,
  softmax,
  softplus,
  sub,
  type Tensor,
  tanh,
  transpose,
  where,
} from "@semblance/core";
import type { Call, Operator } from "../translate/call.js";
import { along, axisOf } from "./broadcasting.js";

const elementwise = (f: (x: Tensor, call: Call) => Tensor): Operator => ({
  translate: (call) => f(call.number(0), call),
});
/** eˣ − 1 where x < 0, without the overflow that the other side would have. */
const expBelow = (x: Tensor) => sub(exp(minimum(x, 0)), 1);

/** Activations and the softmax family. Defaults are those of the ONNX reference. */
export const activations: Readonly<Record<string, Operator>> = {
  Celu: elementwise((x, call) => {
    const alpha = call.float32("alpha", 1);
    return where(less(x, 0), mul(expBelow(div(x, alpha)), alpha), x);
  }),
  Clip: { translate: clip },
  Elu: elementwise((x, call) => where(less(x, 0), mul(expBelow(x), call.float32("alpha", 1)), x)),
  Gelu: elementwise((x, call) => {
    const half = mul(x, 0.5);
    if (call.text("approximate", "none") === "none") return mul(half, add(erf(div(x, Math.SQRT2)), 1));
    const inner = mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return mul(half, add(tanh(inner), 1));
  }),
  HardSigmoid: elementwise((x, call) =>
    clamp(add(mul(x, call.float32("alpha", 0.2)), call.float32("beta", 0.5)), 0, 1),
  ),
  HardSwish: elementwise((x) => mul(x, clamp(add(mul(x, 1 / 6), 0.5), 0, 1))),
  Hardmax: { translate: (call) => overAxis(call, (x, axis) => hardmax(x, axis)) },
  LeakyRelu: elementwise((x, call) => where(less(x, 0), mul(x, call.float32("alpha", 0.01)), x)),
  LogSoftmax: { translate: (call) => overAxis(call, logSoftmax) },
  Mish: elementwise((x) => mul(x, tanh(softplus(x)))),
  PRelu: { translate: parametricRelu },
  Relu: elementwise(relu),
  Selu: elementwise((x, call) => {
    const alpha = call.float32("alpha", call.opset < 6 ? 1.6732 : 1.6732631921768188);
    const gamma = call.float32("gamma", call.opset < 6 ? 1.0507 : 1.0507010221481323);
    return mul(where(less(x, 0), mul(expBelow(x), alpha), x), gamma);
  }),
  Shrink: elementwise((x, call) => {
    const [lambda, bias] = [call.float32("lambd", 0.5), call.float32("bias", 0)];
    return where(less(x, -lambda), add(x, bias), where(greater(x, lambda), sub(x, bias), 0));
  }),
  Softmax: { translate: (call) => overAxis(call, softmax) },
  Softplus: elementwise(softplus),
  Softsign: elementwise((x) => div(x, add(abs(x), 1))),
  Swish: elementwise((x, call) => mul(x, sigmoid(mul(x, call.float32("alpha", 1))))),
  ThresholdedRelu: elementwise((x, call) => where(greater(x, call.float32("alpha", 1)), x, 0)),
};

/** Bounds are attributes before operator set 11. Where the lower is above the upper one, the upper one wins. */
function clip(call: Call): Tensor {
  const x = call.x(0);
  if (call.opset < 11) {
    const above = maximum(x, call.float32("min", Number.NEGATIVE_INFINITY));
    return minimum(above, call.float32("max", Number.POSITIVE_INFINITY));
  }
  const above = call.has(1) ? maximum(x, call.scalar(1)) : x;
  return call.has(2) ? minimum(above, call.scalar(2)) : above;
}

/** Before operator set 7 a vector of slopes belongs to the channels. */
function parametricRelu(call: Call): Tensor {
  const [x, given] = [call.number(0), call.x(1)];
  const slope = call.opset < 7 && given.size > 1 ? along(given, 1, x.rank) : given;
  return where(less(x, 0), mul(x, slope), x);
}

/**
 * One axis, the last by default; before operator set 13 all axes from one on, the second by default, as one.
 */
function overAxis(call: Call, f: (x: Tensor, axis: number) => Tensor): Tensor {
  const x = call.number(0);
  if (call.opset >= 13) return f(x, axisOf(call, call.int("axis", -1), x.rank));
  const from = x.rank === 0 ? 0 : call.int("axis", 1);
  const axis = from === x.rank ? from : axisOf(call, from, x.rank);
  const rows = sizeOf(x.shape.slice(0, axis));
  return reshape(f(reshape(x, [rows, sizeOf(x.shape.slice(axis))]), 1), x.shape);
}

function hardmax(x: Tensor, axis: number): Tensor {
  const last = oneHot(argMax(x, axis), x.shape[axis]!, x.dtype === "float64" ? "float64" : "float32");
  const order = x.shape.map((_, at) => (at === axis ? x.rank - 1 : at > axis ? at - 1 : at));
  return transpose(last, order);
}
