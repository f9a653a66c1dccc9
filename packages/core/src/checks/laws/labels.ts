import type { LossLaw } from "../../contracts/loss-law.js";
import { differing } from "./law.js";

/** The numbers that stand for the classes are of no consequence. */
export const labelRenamingInvariant: LossLaw = {
  name: "label-renaming-invariant",
  async check(subject) {
    const changed = subject.inputsOn("labels").map((name) => {
      const array = subject.inputs[name]!;
      const classes = Math.max(0, ...array.data) + 1;
      // A cycle, so that no class keeps its name.
      return [name, { ...array, data: Int32Array.from(array.data, (label) => (label + 1) % classes) }] as const;
    });
    const { value } = await subject.evaluate({ inputs: Object.fromEntries(changed) });
    return differing(value, (await subject.evaluate()).value, "with classes renamed the value");
  },
};
