import { isFloat } from "../../arrays/dtype.js";
import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import type { Backend } from "../../contracts/backend.js";
import { type Program, resultsOf } from "../../ir/program.js";
import { type Tensor, topologicalOrder } from "../../ir/tensor.js";
import { Key } from "../../random/key.js";
import { evaluate } from "../../reference/evaluate.js";
import { requireThat } from "../assertions.js";
import { CheckFailedError } from "../check.js";
import { loadFastCheck } from "../load-fast-check.js";
import { drawnProgram } from "./drawn-program.js";
import type { Setting } from "./setting.js";

/** What only copies elements: its result is not rounded, so it is not moved either. */
const MOVES = new Set(
  "input constant identity stopGradient reshape transpose expand slice pad concat gather gatherElements".split(" "),
);
/** What adds up products or elements: its rounding is that of the terms, which may be far larger than what they cancel to. */
const SUMS = new Set(
  "averagePool conv convFilterGradient convTranspose cumulativeSum matmul scatterElements sum".split(" "),
);

/**
 * Programs of many primitives, drawn and shrunk by fast-check, against the reference: what primitives alone do not show, such as a
 * fused pair, a buffer used again too early or a constant folded wrongly.
 */
export function drawnProgramsChecks(setting: Setting): void {
  const { dtypes, options } = setting;
  const float = dtypes.includes("float64") ? "float64" : "float32";
  const runs = options.drawnPrograms ?? 40;
  const slack = float === "float32" ? (options.float32Slack ?? 1) : 1;
  setting.test(`drawn programs: ${runs} of them, ${float}`, async () => {
    const { default: fc } = await loadFastCheck();
    const backend = await setting.backend();
    let compared = 0;
    const result = await fc.check(
      fc.asyncProperty(fc.array(fc.nat(100_000), { minLength: 8, maxLength: 40 }), async (choices) => {
        // What a number outside of int32 becomes as an int32 is nobody's contract.
        const leaveOut = ["cast", ...(options.leftOutOfDrawnPrograms ?? [])];
        const { program, feeds } = drawnProgram(choices, { float, leaveOut });
        if (!topologicalOrder(resultsOf(program)).every(({ dtype }) => dtypes.includes(dtype))) return;
        compared += await compare(backend, program, feeds, slack);
      }),
      { numRuns: runs, seed: 20_260_104 },
    );
    if (result.failed) {
      const cause = result.errorInstance;
      throw new CheckFailedError(
        "CHECK_VALUE_WRONG",
        `a drawn program differs from the reference: ${cause instanceof Error ? cause.message : String(cause)}`,
        { where: `the program drawn from the choices ${JSON.stringify(result.counterexample?.[0])}`, cause },
      );
    }
    requireThat(
      compared > 10 * runs,
      "CHECK_VALUE_WRONG",
      `only ${compared} elements of ${runs} programs could be told`,
    );
  });
}

/** Compares all results and carries; returns how many elements were compared. */
async function compare(
  backend: Backend,
  program: Program,
  feeds: ReadonlyMap<Tensor, NdArray>,
  slack: number,
): Promise<number> {
  const exact = interpret(program, feeds);
  if (![...exact.values()].every(({ data }) => data.every((element) => Number.isFinite(element)))) return 0;
  const moved = [1, 2, 3].map((seed) => interpret(program, feeds, Key.fromSeed(seed)));
  const named = (of: (name: string) => boolean) =>
    Object.fromEntries([...feeds].map(([tensor, array]) => [leafName(tensor), array] as const).filter(([n]) => of(n)));
  const executable = await backend.compile(program);
  try {
    await executable.write(named((name) => Object.hasOwn(program.carries, name)));
    const outputs = await executable.run(named((name) => Object.hasOwn(program.inputs, name)));
    const carries = await executable.read();
    let compared = 0;
    for (const [name, tensor] of Object.entries(program.outputs)) {
      compared += compareArrays(name, outputs[name]!, tensor, exact, moved, slack);
    }
    for (const [name, { next }] of Object.entries(program.carries)) {
      compared += compareArrays(`carry ${name}`, carries[name]!, next, exact, moved, slack);
    }
    return compared;
  } finally {
    await executable.dispose();
  }
}

/**
 * Elements that rounding decides (a comparison of equal numbers, a difference of nearly equal ones) are told by what becomes of them
 * when every step is moved by a few roundings: each may be off by ten times as much, and no more.
 */
function compareArrays(
  name: string,
  got: NdArray,
  tensor: Tensor,
  exact: ReadonlyMap<Tensor, NdArray>,
  moved: readonly ReadonlyMap<Tensor, NdArray>[],
  slack: number,
): number {
  const expected = exact.get(tensor)!;
  let compared = 0;
  for (let index = 0; index < expected.data.length; index++) {
    const wanted = expected.data[index]!;
    const deviation = Math.max(...moved.map((values) => Math.abs(values.get(tensor)!.data[index]! - wanted)));
    // Half of the number itself: rounding decides everything about it. NaN compares as such.
    if (!(deviation <= 0.5 * Math.abs(wanted))) continue;
    const floor = isFloat(expected.dtype) ? 4 * unitOf(expected) * Math.max(1, Math.abs(wanted)) : 0;
    compared++;
    const tolerance = (floor + 10 * deviation) * slack;
    const error = Math.abs(got.data[index]! - wanted);
    requireThat(
      error <= tolerance,
      "CHECK_VALUE_WRONG",
      `element ${index} of ${name} is ${got.data[index]}, expected ${wanted} within ${tolerance.toExponential(1)}`,
    );
  }
  return compared;
}

const leafName = (tensor: Tensor) => (tensor.attributes as { readonly name: string }).name;
const unitOf = ({ dtype }: NdArray) => (dtype === "float32" ? 2 ** -23 : 2 ** -52);

/** Every tensor's value by the reference kernels as the program stands; with a key, each rounded step is moved by up to four units. */
function interpret(program: Program, feeds: ReadonlyMap<Tensor, NdArray>, key?: Key): Map<Tensor, NdArray> {
  const values = new Map(feeds);
  for (const [position, tensor] of topologicalOrder(resultsOf(program)).entries()) {
    if (values.has(tensor)) continue;
    const inputs = tensor.inputs.map((input) => values.get(input)!);
    const own = key?.fold(position);
    const terms = own && SUMS.has(tensor.op.name) ? inputs.map((input, at) => shaken(input, own.fold(at))) : inputs;
    const value = evaluate(tensor, terms);
    values.set(tensor, own && !MOVES.has(tensor.op.name) ? shaken(value, own) : value);
  }
  return values;
}

function shaken(array: NdArray, key: Key): NdArray {
  if (!isFloat(array.dtype)) return array;
  const unit = 4 * unitOf(array);
  const noise = key.uniform(array.data.length, -unit, unit);
  return ndarray(
    array.dtype,
    array.shape,
    Float64Array.from(array.data, (element, index) => element * (1 + noise[index]!)),
  );
}
