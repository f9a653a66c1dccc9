import { type NdArray, zerosArray } from "../../arrays/nd-array.js";
import type { Key } from "../../random/key.js";
import { requireRefused } from "../assertions.js";
import { groupOf } from "../entry-checks.js";
import { drawPoint, inputSets } from "./draw-point.js";
import { type LossSubject, lossProgram } from "./loss-subject.js";

/**
 * Gives a loss what does not fit its declaration: each must be refused with a coded error before anything runs.
 *
 * @throws CheckFailedError CHECK_NOT_REFUSED, CHECK_ERROR_UNCODED
 */
export async function checkRefusals(subject: LossSubject, key: Key): Promise<void> {
  const { loss } = subject;
  const group = groupOf(loss);
  const build = (inputs: Readonly<Record<string, NdArray>>, parameters: Readonly<Record<string, NdArray>>) => () => {
    lossProgram(subject, { inputs, parameters });
  };
  for (const names of await inputSets(subject, key)) {
    const { inputs, parameters } = await drawPoint(subject, names, key);
    const replaced = (name: string, array: NdArray) => build({ ...inputs, [name]: array }, parameters);
    for (const name of names) {
      const { dtype, shape } = inputs[name]!;
      const { axes, optional } = loss.inputs[name]!;
      const deeper = zerosArray(dtype, [...shape, 2]);
      await requireRefused(replaced(name, deeper), {}, `${group}: ${name} with an axis too many`);
      if (shape.length > 0) {
        const flatter = zerosArray(dtype, shape.slice(0, -1));
        await requireRefused(replaced(name, flatter), {}, `${group}: ${name} with an axis too few`);
      }
      const other = zerosArray(dtype === "int32" ? "float64" : "int32", shape);
      await requireRefused(replaced(name, other), {}, `${group}: ${name} as ${other.dtype}`);
      if (!optional) {
        const { [name]: _, ...rest } = inputs;
        await requireRefused(build(rest, parameters), {}, `${group} without ${name}`);
      }
      for (const [position, axis] of axes.entries()) {
        const shared = names.some((each) =>
          loss.inputs[each]!.axes.some((a, at) => a === axis && !(each === name && at === position)),
        );
        if (!shared) continue;
        const longer = zerosArray(
          dtype,
          shape.map((extent, at) => (at === position ? extent + 1 : extent)),
        );
        await requireRefused(replaced(name, longer), {}, `${group}: ${name} with another extent of ${axis}`);
      }
    }
    await requireRefused(
      build({ ...inputs, inputThatNobodyHas: zerosArray("float64", [2]) }, parameters),
      { code: "INPUT_UNKNOWN" },
      `${group}: an unknown input`,
    );
  }
}
