import type { LossLaw, LossLawSubject } from "../../contracts/loss-law.js";
import { differing, differingGradients, mapRows } from "./law.js";

/** The order of the columns of inputs on the simplex is of no consequence. */
export const clusterPermutationInvariant: LossLaw = {
  name: "cluster-permutation-invariant",
  async check(subject) {
    const names = subject.inputsOn("simplex");
    const changed = names.map((name) => {
      const array = subject.inputs[name]!;
      const order = [...subject.key.fold("columns").permutation(array.shape.at(-1)!)];
      return [name, mapRows(array, (row) => order.map((column) => row[column]!))] as const;
    });
    const { value } = await subject.evaluate({ inputs: Object.fromEntries(changed) });
    return differing(value, (await subject.evaluate()).value, "with columns in another order the value");
  },
};

/** A column of zeros changes neither the value nor the gradients by the others, and its own is finite. */
export const emptyClusterInvariant: LossLaw = {
  name: "empty-cluster-invariant",
  async check(subject) {
    const names = subject.inputsOn("simplex");
    const changed = names.map((name) => [name, mapRows(subject.inputs[name]!, (row) => [...row, 0])] as const);
    const without = await subject.evaluate();
    const beside = await subject.evaluate({ inputs: Object.fromEntries(changed), config: widerConfig(subject) });
    const kept = names.flatMap((name) => {
      const slope = beside.gradients[name];
      return slope ? [[name, mapRows(slope, (row) => row.slice(0, -1))] as const] : [];
    });
    const infinite = Object.values(beside.gradients).some(
      ({ data }) => !data.every((element) => Number.isFinite(element)),
    );
    return (
      differing(beside.value, without.value, "beside an empty cluster the value") ??
      differingGradients({ ...beside.gradients, ...Object.fromEntries(kept) }, without.gradients) ??
      (infinite ? "the gradient of an empty cluster is not finite" : undefined)
    );
  },
};

/** A configuration that fixes the number of clusters, with one more. */
function widerConfig({ config }: LossLawSubject): unknown {
  const { clusters } = config as { readonly clusters?: unknown };
  return typeof clusters === "number" ? { ...(config as object), clusters: clusters + 1 } : config;
}

/** 0 where all rows are equal: clusters that know nothing of the row. */
export const zeroWhenIndependent: LossLaw = {
  name: "zero-when-independent",
  async check(subject) {
    const changed = subject.inputsOn("simplex").map((name) => {
      const array = subject.inputs[name]!;
      const first = Array.from(array.data.subarray(0, array.shape.at(-1)!));
      return [name, mapRows(array, () => first)] as const;
    });
    const { value } = await subject.evaluate({ inputs: Object.fromEntries(changed) });
    return differing(value, 0, "with equal rows the value");
  },
};
