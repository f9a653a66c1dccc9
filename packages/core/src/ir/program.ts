import type { DType } from "../arrays/dtype.js";
import { sameShape, showShape } from "../arrays/nd-array.js";
import { ShapeError } from "../errors.js";
import { identity } from "../ops/identity.js";
import { input } from "../ops/input.js";
import { notATensor } from "./not-a-tensor.js";
import { Tensor, type TensorSpec } from "./tensor.js";

/** A carry: the input that a value enters a call by and the result that it leaves by, to enter the next call. */
export interface Carry {
  readonly input: Tensor;
  readonly next: Tensor;
}

/** A closed graph: named inputs, named outputs, and carries that stay with the backend from call to call. */
export interface Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly carries: Readonly<Record<string, Carry>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

type Specs = Readonly<Record<string, TensorSpec>>;
type TensorsOf<S extends Specs> = { readonly [Name in keyof S]: Tensor };

export interface TraceOptions<Inputs extends Specs, Carries extends Specs> {
  readonly name: string;
  readonly inputs: Inputs;
  readonly carries?: Carries;
  build(
    inputs: TensorsOf<Inputs>,
    carries: TensorsOf<Carries>,
  ): {
    readonly outputs: Readonly<Record<string, Tensor>>;
    /** The next value of every carry; one left out keeps its value. */
    readonly carries?: Partial<Readonly<Record<keyof Carries, Tensor>>>;
  };
}

/** The description of a tensor: `spec("float32", [500, 784])`. */
export function spec<D extends DType>(dtype: D, shape: readonly number[]): TensorSpec<D> {
  return { dtype, shape: [...shape] };
}

/**
 * Runs `build` once on symbolic tensors and closes what it did into a program.
 *
 * @throws ShapeError CARRY_MISMATCH when a carry would change its shape or type, NAME_REPEATED when an input and a carry share a name,
 * CARRY_UNKNOWN when a next value belongs to no carry, NOT_A_TENSOR when a result is none.
 */
export function trace<Inputs extends Specs, Carries extends Specs = Record<never, TensorSpec>>(
  options: TraceOptions<Inputs, Carries>,
): Program {
  const carrySpecs = (options.carries ?? {}) as Carries;
  for (const name of Object.keys(options.inputs)) {
    if (Object.hasOwn(carrySpecs, name)) {
      throw new ShapeError("NAME_REPEATED", `"${name}" is both an input and a carry`, {
        where: `program "${options.name}"`,
        fix: "Name them apart.",
      });
    }
  }
  const inputs = leaves(options.inputs);
  const carried = leaves(carrySpecs);
  const built = options.build(inputs as TensorsOf<Inputs>, carried as TensorsOf<Carries>);

  // A carry may be left out by name, or by an undefined value.
  const next = Object.entries(built.carries ?? {}).filter(([, tensor]) => tensor !== undefined);
  for (const [name, tensor] of [...Object.entries(built.outputs), ...next]) {
    requireTensor(options.name, name, tensor);
  }
  for (const [name] of next) {
    if (Object.hasOwn(carried, name)) continue;
    throw new ShapeError("CARRY_UNKNOWN", `"${name}" is given a next value and is no carry`, {
      where: `program "${options.name}"`,
      fix: `Its carries are: ${Object.keys(carried).join(", ") || "none"}.`,
    });
  }
  const carries: Record<string, Carry> = {};
  for (const [name, tensor] of Object.entries(carried)) {
    const value = (built.carries as Record<string, Tensor> | undefined)?.[name] ?? tensor;
    if (value.dtype !== tensor.dtype || !sameShape(value.shape, tensor.shape)) {
      throw new ShapeError(
        "CARRY_MISMATCH",
        `carry "${name}" enters as ${tensor.dtype}${showShape(tensor.shape)} and would leave as ${value.dtype}${showShape(value.shape)}`,
        { where: `program "${options.name}"`, fix: "A carry keeps its shape and type." },
      );
    }
    carries[name] = { input: tensor, next: value };
  }
  return separateResults({ name: options.name, inputs, carries, outputs: { ...built.outputs } });
}

function requireTensor(program: string, name: string, value: unknown): void {
  if (value instanceof Tensor) return;
  throw notATensor(value, `result "${name}" is ${typeof value}, not a tensor`, {
    where: `program "${program}"`,
    fix: "Return tensors: constant(...) makes one of an array, scalar(...) of a number.",
  });
}

function leaves(specs: Specs): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(specs).map(([name, { dtype, shape }]) => [name, input(name, dtype, shape)]));
}

/** All results of a program: its outputs and the next values of its carries. */
export function resultsOf(program: Program): Tensor[] {
  return [...Object.values(program.outputs), ...Object.values(program.carries).map((carry) => carry.next)];
}

/** The leaves that a program is fed by: its inputs and its carries. */
export function leavesOf(program: Program): Tensor[] {
  return [...Object.values(program.inputs), ...Object.values(program.carries).map((carry) => carry.input)];
}

/** Gives the program's results other tensors, one for one. */
export function replaceResults(program: Program, replace: (tensor: Tensor) => Tensor): Program {
  return {
    ...program,
    outputs: Object.fromEntries(Object.entries(program.outputs).map(([name, tensor]) => [name, replace(tensor)])),
    carries: Object.fromEntries(
      Object.entries(program.carries).map(([name, carry]) => [name, { ...carry, next: replace(carry.next) }]),
    ),
  };
}

/**
 * Makes every result a tensor of its own that is not a leaf, by copying where it is not: two results in one buffer, or a carry
 * that is another carry's input, would be overwritten while still read.
 */
export function separateResults(program: Program): Program {
  const taken = new Set<Tensor>();
  return replaceResults(program, (tensor) => {
    const own = tensor.inputs.length === 0 || taken.has(tensor) ? identity(tensor) : tensor;
    taken.add(own);
    return own;
  });
}
