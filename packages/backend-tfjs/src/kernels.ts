import type { TfjsDevice } from "./device.js";
import type { KernelTable, TfjsKernel } from "./kernel.js";
import { conv, convFilterGradient, convTranspose } from "./kernels/conv.js";
import { abs, binary, larger, neg, pow, sign, unary, where } from "./kernels/elementwise.js";
import { erf } from "./kernels/erf.js";
import { gather, gatherElements, scatterElements } from "./kernels/indexing.js";
import { matmul } from "./kernels/matmul.js";
import { cast, concat, expanded, padded, sliced, transposed } from "./kernels/movement.js";
import { averagePool, maxPool } from "./kernels/pooling.js";
import { argMax, argTopK, cumulativeSum, extreme, sum } from "./kernels/reductions.js";

/** A kernel that computes nothing: its result lies in the memory of its input. */
const same: TfjsKernel<null> = ({ inputs: [x] }) => x!;

import { webglKernels, webgpuKernels } from "./kernels/graphics.js";

/** Primitive → TensorFlow.js kernels that mean the same on every device. */
export const kernels = {
  abs,
  add: binary("Add"),
  and: binary("LogicalAnd"),
  argMax,
  argTopK,
  averagePool,
  cast,
  ceil: unary("Ceil"),
  concat,
  conv,
  convFilterGradient,
  convTranspose,
  cos: unary("Cos"),
  cumulativeSum,
  div: binary("RealDiv"),
  equal: binary("Equal"),
  erf,
  exp: unary("Exp"),
  expand: ({ tf, inputs: [x], to }) => expanded(tf, x!, to.shape),
  floor: unary("Floor"),
  gather,
  gatherElements,
  greater: binary("Greater"),
  greaterOrEqual: binary("GreaterEqual"),
  identity: same,
  isNaN: unary("IsNan"),
  less: binary("Less"),
  lessOrEqual: binary("LessEqual"),
  log: unary("Log"),
  matmul,
  max: extreme("Max"),
  maxPool,
  maximum: larger("Maximum"),
  min: extreme("Min"),
  minimum: larger("Minimum"),
  mul: binary("Multiply"),
  neg,
  not: unary("LogicalNot"),
  or: binary("LogicalOr"),
  pad: ({ tf, inputs: [x], attributes }) => padded(tf, x!, attributes),
  pow,
  relu: unary("Relu"),
  reshape: ({ tf, inputs: [x], to }) => tf.reshape(x!, to.shape),
  round: unary("Round"),
  scatterElements,
  sigmoid: unary("Sigmoid"),
  sign,
  sin: unary("Sin"),
  slice: ({ tf, inputs: [x], attributes }) => sliced(tf, x!, attributes),
  sqrt: unary("Sqrt"),
  stopGradient: same,
  sub: binary("Sub"),
  sum,
  tanh: unary("Tanh"),
  transpose: ({ tf, inputs: [x], attributes }) => transposed(tf, x!, attributes.permutation),
  where,
} satisfies KernelTable as KernelTable;

const overrides: Partial<Record<TfjsDevice, Partial<KernelTable>>> = {
  // The C library's function, good to the last digits.
  webgl: webglKernels,
  webgpu: webgpuKernels,
  wasm: { erf: unary("Erf"), pow: binary("Pow") },
};

/** The table of a device: what is right everywhere, and what it needs otherwise. */
export function kernelsOf(device: TfjsDevice): KernelTable {
  return { ...kernels, ...overrides[device] };
}
