import type { Shape } from "@semblance/core";
import type { TfTensor } from "./tf-api.js";

interface Spec {
  readonly shape: Shape;
  readonly dtype: string;
}

/** Attributes of TensorFlow.js kernels, as far as results depend on them. */
interface Attributes {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly perm: readonly number[];
  readonly paddings: readonly (readonly [number, number])[];
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly size: readonly number[];
  readonly reps: readonly number[];
  readonly axis: number | readonly number[];
  readonly reductionIndices: readonly number[];
  readonly k: number;
}

type Rule = (inputs: Readonly<Record<string, TfTensor>>, attributes: Attributes) => Spec | readonly Spec[];

/** What a kernel results in, given the shapes of its inputs. */
export function resultsOf(
  kernel: string,
  inputs: Readonly<Record<string, TfTensor>>,
  attributes: object,
): readonly Spec[] {
  const rule = RULES[kernel] ?? broadcast;
  return [rule(inputs, attributes as Attributes)].flat() as Spec[];
}

/** Kernels of elements, and others whose result is as large as their largest operand. */
const broadcast: Rule = (inputs) => {
  const operands = Object.values(inputs);
  const rank = Math.max(...operands.map(({ shape }) => shape.length));
  const shape = Array.from({ length: rank }, (_, axis) =>
    Math.max(...operands.map((operand) => operand.shape[axis - rank + operand.shape.length] ?? 1)),
  );
  return { shape, dtype: operands.at(-1)!.dtype };
};

const truth: Rule = (inputs, attributes) => ({ ...(broadcast(inputs, attributes) as Spec), dtype: "bool" });

const reduction: Rule = ({ x }, { axis, reductionIndices }) => {
  const axes = [axis ?? reductionIndices].flat();
  return { shape: x!.shape.filter((_, at) => !axes.includes(at)), dtype: x!.dtype };
};

const windows = ({ x, filter }: Readonly<Record<string, TfTensor>>, { strides, dilations }: Attributes) =>
  [0, 1].map((axis) => {
    const span = dilations[axis]! * (filter!.shape[axis]! - 1) + 1;
    return Math.floor((x!.shape[axis + 1]! - span) / strides[axis]!) + 1;
  });

const RULES: Readonly<Record<string, Rule>> = {
  Any: reduction,
  ArgMax: (inputs, attributes) => ({ ...(reduction(inputs, attributes) as Spec), dtype: "int32" }),
  BatchMatMul: ({ a, b }) => ({
    shape: [Math.max(a!.shape[0]!, b!.shape[0]!), a!.shape[1]!, b!.shape[2]!],
    dtype: a!.dtype,
  }),
  Cast: ({ x }, { dtype }) => ({ shape: x!.shape, dtype }),
  Concat: (inputs, { axis }) => {
    const parts = Object.values(inputs);
    const total = parts.reduce((sum, { shape }) => sum + shape[axis as number]!, 0);
    return { shape: parts[0]!.shape.with(axis as number, total), dtype: parts[0]!.dtype };
  },
  Conv2D: (inputs, attributes) => ({
    shape: [inputs.x!.shape[0]!, ...windows(inputs, attributes), inputs.filter!.shape[3]!],
    dtype: "float32",
  }),
  DepthwiseConv2dNative: (inputs, attributes) => ({
    shape: [inputs.x!.shape[0]!, ...windows(inputs, attributes), inputs.filter!.shape[2]! * inputs.filter!.shape[3]!],
    dtype: "float32",
  }),
  Equal: truth,
  Fill: (_, { shape, dtype }) => ({ shape, dtype }),
  GatherV2: ({ x, indices }, { axis }) => ({
    shape: [...x!.shape.slice(0, axis as number), ...indices!.shape, ...x!.shape.slice((axis as number) + 1)],
    dtype: x!.dtype,
  }),
  Greater: truth,
  GreaterEqual: truth,
  IsNan: truth,
  Less: truth,
  LessEqual: truth,
  Max: reduction,
  Min: reduction,
  NotEqual: truth,
  PadV2: ({ x }, { paddings }) => ({
    shape: x!.shape.map((extent, axis) => extent + paddings[axis]![0] + paddings[axis]![1]),
    dtype: x!.dtype,
  }),
  Reshape: ({ x }, { shape }) => ({ shape, dtype: x!.dtype }),
  ScatterNd: ({ updates }, { shape }) => ({ shape, dtype: updates!.dtype }),
  Slice: ({ x }, { size }) => ({ shape: size, dtype: x!.dtype }),
  StridedSlice: ({ x }, { begin, end, strides }) => ({
    shape: begin.map((start, axis) => Math.ceil((end[axis]! - start) / strides[axis]!)),
    dtype: x!.dtype,
  }),
  Sum: reduction,
  Tile: ({ x }, { reps }) => ({ shape: x!.shape.map((extent, axis) => extent * reps[axis]!), dtype: x!.dtype }),
  TopK: ({ x }, { k }) => {
    const shape = x!.shape.with(-1, k);
    return [
      { shape, dtype: x!.dtype },
      { shape, dtype: "int32" },
    ];
  },
  Transpose: ({ x }, { perm }) => ({ shape: perm.map((axis) => x!.shape[axis]!), dtype: x!.dtype }),
};
