import type { NdArray } from "../arrays/nd-array.js";
import type { HostOperator } from "../ir/host-operator.js";
import type { Program } from "../ir/program.js";
import { rewriteProgram } from "../ir/rewrite.js";
import { Tensor } from "../ir/tensor.js";
import type { HostCall, HostCallAttributes } from "../ops/host-call.js";
import { CheckFailedError } from "./check.js";

/** A program whose host operators are watched, and what was seen of them. */
export interface Watched {
  readonly program: Program;
  /** Calls so far; 0 for a program without host operators. */
  readonly calls: () => number;
  /** @throws CheckFailedError CHECK_INPUT_MUTATED, CHECK_NOT_DETERMINISTIC: the first thing that was seen */
  report(): void;
}

/**
 * Puts a watch on every host operator of a program: it is given copies, which must be the same bytes after the call, and is called a
 * second time on copies, which must give the same bytes.
 */
export function watchHostOperators(program: Program): Watched {
  const faults: CheckFailedError[] = [];
  const calls = new Map<HostCall, HostCall>();
  let count = 0;

  const watched = (operator: HostOperator): HostOperator => ({
    ...operator,
    async run(inputs, attributes) {
      count++;
      const copies = () => inputs.map(copyOf);
      const [first, second] = [copies(), copies()];
      const outputs = await operator.run(first, attributes);
      // Results may share memory with the copies, so they are written down before the second call.
      const kept = outputs?.map?.(copyOf) ?? outputs;
      const name = `host operator "${operator.name}"`;
      const changed = first.findIndex((array, at) => !sameBytes(array, inputs[at]!));
      if (changed >= 0) {
        faults.push(
          new CheckFailedError("CHECK_INPUT_MUTATED", `${name} changes its input ${changed}`, {
            where: name,
            fix: "Work on a copy: what it is given belongs to the program, and may be read again.",
          }),
        );
      }
      const again = await operator.run(second, attributes);
      const differing = kept?.findIndex?.((array, at) => !again?.[at] || !sameBytes(array, again[at])) ?? -1;
      if (differing >= 0) {
        faults.push(
          new CheckFailedError(
            "CHECK_NOT_DETERMINISTIC",
            `${name} gives two outputs ${differing} for the same inputs`,
            {
              where: name,
              fix: "Draw from a seed that is an attribute, and keep no state between calls.",
            },
          ),
        );
      }
      return kept;
    },
  });

  const rewritten = rewriteProgram(program, (tensor) => {
    if (tensor.op.name !== "hostCall") return tensor;
    const { call, index } = tensor.attributes as HostCallAttributes;
    // All outputs of one call must go on sharing it, or it would be made once for each.
    const replaced = calls.get(call) ?? { ...call, operator: watched(call.operator) };
    calls.set(call, replaced);
    return new Tensor(tensor.op, tensor.inputs, { call: replaced, index }, tensor.shape, tensor.dtype);
  });
  return {
    program: rewritten,
    calls: () => count,
    report() {
      if (faults[0]) throw faults[0];
    },
  };
}

export function copyOf(array: NdArray): NdArray {
  return { ...array, data: array.data?.slice?.() };
}

/** Whether two arrays hold the same bytes; any NaN is as good as another. */
export function sameBytes(a: NdArray, b: NdArray): boolean {
  return (
    a.data?.length === b.data?.length && Array.from(a.data).every((element, index) => Object.is(element, b.data[index]))
  );
}
