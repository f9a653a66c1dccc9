import { type FloatDType, isFloat } from "../../arrays/dtype.js";
import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import { gradients } from "../../ir/grad.js";
import { type Carry, type Program, separateResults } from "../../ir/program.js";
import { Tensor } from "../../ir/tensor.js";
import { add } from "../../ops/add.js";
import { constant } from "../../ops/constant.js";
import { expand } from "../../ops/expand.js";
import { identity } from "../../ops/identity.js";
import { input } from "../../ops/input.js";
import { mul } from "../../ops/mul.js";
import { pad } from "../../ops/pad.js";
import { reshape } from "../../ops/reshape.js";
import { slice } from "../../ops/slice.js";
import { stopGradient } from "../../ops/stop-gradient.js";
import { sum } from "../../ops/sum.js";
import { transpose } from "../../ops/transpose.js";
import { drawInputs, type OpCase } from "../op-cases/op-case.js";
import { opCases } from "../op-cases.js";

/** Every case that a drawn program may contain: of all primitives but host calls, which are no part of a pass's business. */
const CASES: readonly (readonly [string, OpCase])[] = Object.entries(opCases).flatMap(([name, cases]) =>
  cases
    .filter(
      ({ large, refused, inputs }) =>
        !large && !refused && name !== "hostCall" && inputs.every(({ shape }) => shape.every((extent) => extent < 20)),
    )
    .map((each) => [name, each] as const),
);

/** What the passes look for: copies, neutral products, undone movement, repetition, and twins. */
const DECORATIONS: readonly ((x: Tensor) => Tensor)[] = [
  identity,
  stopGradient,
  (x) => (x.dtype === "bool" ? x : mul(x, 1)),
  (x) => (x.dtype === "bool" ? x : add(expand(x, [2, ...x.shape]), reshape(x, [1, ...x.shape]))),
  (x) => transpose(transpose(x)),
  (x) => reshape(reshape(x, [x.size]), x.shape),
  (x) => expand(expand(x, [1, ...x.shape]), [3, ...x.shape]),
  (x) => (x.rank > 0 && x.size > 0 ? slice(x, { axis: 0, step: -1 }) : x),
  (x) =>
    isFloat(x.dtype) ? pad(x, { before: x.shape.map(() => 1), after: x.shape.map(() => 0), value: -Infinity }) : x,
  (x) => (isFloat(x.dtype) ? pad(x, { before: x.shape.map(() => 1), after: x.shape.map(() => 0), value: -0 }) : x),
  (x) =>
    isFloat(x.dtype)
      ? add(mul(x, constant(ndarray(x.dtype, [], [-0]))), mul(x, constant(ndarray(x.dtype, [], [0]))))
      : x,
];

export interface DrawingOptions {
  readonly float?: FloatDType;
  /** Primitives that no program holds. */
  readonly leaveOut?: readonly string[];
}

/**
 * A program from a list of choices: op cases of the table, applied to tensors that earlier ones made where shape and type fit and to
 * new inputs or constants elsewhere, mixed with what passes remove. The same choices give the same program.
 */
export function drawnProgram(
  choices: readonly number[],
  { float = "float64", leaveOut = [] }: DrawingOptions = {},
): { program: Program; feeds: Map<Tensor, NdArray> } {
  const cases = CASES.filter(([name]) => !leaveOut.includes(name));
  let position = 0;
  const choose = (bound: number) => (choices[position++ % choices.length]! + position) % bound;
  const feeds = new Map<Tensor, NdArray>();
  const pool: Tensor[] = [];

  const leaf = (value: NdArray): Tensor => {
    if (choose(3) === 0) return constant(value);
    const tensor = input(`x${feeds.size}`, value.dtype, value.shape);
    feeds.set(tensor, value);
    return tensor;
  };
  const find = (like: NdArray): Tensor => {
    const fitting = pool.filter(({ dtype, shape }) => dtype === like.dtype && shape.join() === like.shape.join());
    // Indices must stay in range, so whole numbers are never taken from elsewhere.
    if (fitting.length === 0 || like.dtype === "int32" || choose(3) === 0) return leaf(like);
    return fitting[choose(fitting.length)]!;
  };

  const steps = 5 + choose(8);
  for (let step = 0; step < steps; step++) {
    const kind = choose(6);
    if (kind < 3 || pool.length === 0) {
      const [name, subject] = cases[choose(1009 * cases.length) % cases.length]!;
      const dtype = subject.dtypes.includes(float) ? float : subject.dtypes[0]!;
      const inputs = drawInputs(name, subject, dtype).map(find);
      const built = subject.build(inputs, dtype);
      pool.push(...inputs, ...(built instanceof Tensor ? [built] : built));
    } else if (kind < 5) {
      pool.push(DECORATIONS[choose(DECORATIONS.length)]!(pool[choose(pool.length)]!));
    } else {
      const floats = pool.filter(({ dtype }) => dtype === float);
      if (floats.length === 0) continue;
      const of = floats[choose(floats.length)]!;
      pool.push(...gradients(sum(of), [floats[choose(floats.length)]!]));
    }
  }

  const outputs: Record<string, Tensor> = {};
  // Late ones, which much was computed for.
  for (let index = 0; index < 3; index++)
    outputs[`y${index}`] = pool[pool.length - 1 - choose(Math.min(pool.length, 8))]!;
  const carries: Record<string, Carry> = {};
  const inputs: Record<string, Tensor> = {};
  for (const tensor of feeds.keys()) {
    const { name } = tensor.attributes as { name: string };
    const fitting = pool.filter(({ dtype, shape }) => dtype === tensor.dtype && shape.join() === tensor.shape.join());
    if (choose(2) === 0) inputs[name] = tensor;
    else carries[name] = { input: tensor, next: fitting[choose(Math.max(1, fitting.length))] ?? tensor };
  }
  return { program: separateResults({ name: "drawn", inputs, carries, outputs }), feeds };
}
