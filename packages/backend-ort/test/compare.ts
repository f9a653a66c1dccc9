import { type Backend, type NdArray, ndarray, referenceBackend, spec, type Tensor, trace } from "@semblance/core";
import { differenceOf, runOnce } from "@semblance/core/testing";
import { expect } from "vitest";

const reference = referenceBackend();

/** Runs one function of arrays on a backend. */
export function evaluateOn(
  backend: Backend,
  arrays: readonly NdArray[],
  build: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
): Promise<Record<string, NdArray>> {
  const named = <T>(of: (array: NdArray) => T) => Object.fromEntries(arrays.map((array, i) => [`x${i}`, of(array)]));
  const program = trace({
    name: "compared",
    inputs: named(({ dtype, shape }) => spec(dtype, shape)),
    build: (inputs) => {
      const built = build(...Object.values(inputs));
      return { outputs: Object.fromEntries([built].flat().map((tensor, i) => [`y${i}`, tensor as Tensor])) };
    },
  });
  return runOnce(
    backend,
    program,
    named((array) => array),
  ) as Promise<Record<string, NdArray>>;
}

/** Expects the backend's results to be those of the float64 reference on the very same numbers. */
export async function expectLikeReference(
  backend: Backend,
  arrays: readonly NdArray[],
  build: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  { tolerance, relative = false }: { readonly tolerance: number; readonly relative?: boolean },
): Promise<void> {
  const got = await evaluateOn(backend, arrays, build);
  const wide = arrays.map((array) => (array.dtype === "float32" ? ndarray("float64", array.shape, array.data) : array));
  const expected = await evaluateOn(reference, wide, build);
  for (const [name, array] of Object.entries(expected)) {
    expect(got[name]!.shape).toEqual(array.shape);
    expect(differenceOf(got[name]!, array, { tolerance, relative }), name).toBeUndefined();
  }
}
