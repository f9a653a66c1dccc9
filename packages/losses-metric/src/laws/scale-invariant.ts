import type { LossLaw, NdArray } from "@semblance/core";

/** Where embeddings are scaled to unit length, the length of a row is not seen; nor is the gradient along it. */
export const scaleInvariant: LossLaw = {
  name: "row-scale-invariant",
  async check({ inputs, parameters, config, key, inputsOn, evaluate }) {
    if ((config as { readonly normalise?: boolean }).normalise === false) return undefined;
    const scaled = (array: NdArray, name: string): NdArray => {
      const [rows = 0, width = 0] = array.shape;
      const factors = key.fold(name).normal(rows).map(Math.exp);
      const data = Float64Array.from(array.data, (value, at) => value * factors[Math.floor(at / width)]!);
      return { dtype: "float64", shape: array.shape, data };
    };
    const each = (arrays: readonly (readonly [string, NdArray])[]) =>
      Object.fromEntries(arrays.map(([name, array]) => [name, scaled(array, name)]));
    const proxies = Object.entries(parameters).filter(([name]) => name === "proxies");
    const before = await evaluate();
    const after = await evaluate({
      inputs: each(inputsOn("real").map((name) => [name, inputs[name]!])),
      parameters: each(proxies),
    });
    if (Math.abs(after.value - before.value) <= 1e-8 * Math.max(1, Math.abs(before.value))) return undefined;
    return `with rows of other lengths the value is ${after.value}, not ${before.value}`;
  },
};
