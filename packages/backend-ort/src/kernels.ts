import type { KernelTable, OrtKernel } from "./kernel.js";
import { conv } from "./kernels/conv.js";
import { convFilterGradient } from "./kernels/conv-filter-gradient.js";
import { convTranspose } from "./kernels/conv-transpose.js";
import { convert } from "./kernels/convert.js";
import { elementwise } from "./kernels/elementwise.js";
import { erf } from "./kernels/erf.js";
import {
  concat,
  constant,
  gather,
  gatherElements,
  padded,
  reshaped,
  scatterElements,
  sliced,
  transposed,
  where,
} from "./kernels/movement.js";
import { argMax, argTopK, cumulativeSum } from "./kernels/ordering.js";
import { averagePool, maxPool } from "./kernels/pooling.js";
import { extreme, sum } from "./kernels/reductions.js";
import { sigmoid } from "./kernels/sigmoid.js";

/** A kernel that is the ONNX operator of the same meaning. */
const node =
  (op: string): OrtKernel<null> =>
  ({ graph, inputs, to }) =>
    graph.node(op, inputs, to);

/** A kernel that adds nothing to the graph: its result is its input. */
const same: OrtKernel<null> = ({ inputs }) => inputs[0]!;

/** Primitive → ONNX, operator set 21. */
export const kernels: KernelTable = {
  abs: node("Abs"),
  add: elementwise("Add"),
  and: elementwise("And"),
  argMax,
  argTopK,
  averagePool,
  cast: ({ graph, inputs, to }) => convert(graph, inputs[0]!, to.dtype),
  ceil: node("Ceil"),
  concat,
  constant,
  conv,
  convFilterGradient,
  convTranspose,
  cos: node("Cos"),
  cumulativeSum,
  div: elementwise("Div"),
  equal: elementwise("Equal"),
  erf,
  exp: node("Exp"),
  expand: ({ graph, inputs, to }) => graph.node("Expand", [inputs[0], graph.int64(to.shape)], to),
  floor: node("Floor"),
  gather,
  gatherElements,
  greater: elementwise("Greater"),
  greaterOrEqual: elementwise("GreaterOrEqual"),
  identity: same,
  isNaN: node("IsNaN"),
  less: elementwise("Less"),
  lessOrEqual: elementwise("LessOrEqual"),
  log: node("Log"),
  matmul: node("MatMul"),
  max: extreme("ReduceMax"),
  maxPool,
  maximum: elementwise("Max"),
  min: extreme("ReduceMin"),
  minimum: elementwise("Min"),
  mul: elementwise("Mul"),
  neg: node("Neg"),
  not: node("Not"),
  or: elementwise("Or"),
  pad: ({ graph, inputs, attributes }) => padded(graph, inputs[0]!, attributes),
  pow: elementwise("Pow"),
  relu: node("Relu"),
  reshape: ({ graph, inputs, to }) => reshaped(graph, inputs[0]!, to.shape),
  round: node("Round"),
  scatterElements,
  sigmoid,
  sign: node("Sign"),
  sin: node("Sin"),
  slice: ({ graph, inputs, attributes }) => sliced(graph, inputs[0]!, attributes),
  sqrt: node("Sqrt"),
  stopGradient: same,
  sub: elementwise("Sub"),
  sum,
  tanh: node("Tanh"),
  transpose: ({ graph, inputs, attributes }) => transposed(graph, inputs[0]!, attributes.permutation),
  where,
};
