import { type Backend, type NdArray, ndarray, referenceBackend, spec, type Tensor, trace } from "@semblance/core";
import { differenceOf, runOnce } from "@semblance/core/testing";
import { expect } from "vitest";

const reference = referenceBackend();

type Build = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** A function of arrays as a program with inputs x0, x1 … and outputs y0, y1 …. */
export function programOf(arrays: readonly NdArray[], build: Build) {
  return trace({
    name: "compared",
    inputs: Object.fromEntries(arrays.map(({ dtype, shape }, at) => [`x${at}`, spec(dtype, shape)])),
    build: (inputs) => {
      const built = [build(...Object.values(inputs))].flat() as Tensor[];
      return { outputs: Object.fromEntries(built.map((tensor, at) => [`y${at}`, tensor])) };
    },
  });
}

export const feedsOf = (arrays: readonly NdArray[]) => Object.fromEntries(arrays.map((array, at) => [`x${at}`, array]));

/** Runs one function of arrays on a backend. */
export const evaluateOn = (backend: Backend, arrays: readonly NdArray[], build: Build) =>
  runOnce(backend, programOf(arrays, build), feedsOf(arrays)) as Promise<Record<string, NdArray>>;

/** Expects the backend's results to be those of the float64 reference on the very same numbers. */
export async function expectLikeReference(
  backend: Backend,
  arrays: readonly NdArray[],
  build: Build,
  { tolerance = 0, relative = false }: { readonly tolerance?: number; readonly relative?: boolean } = {},
): Promise<void> {
  const got = await evaluateOn(backend, arrays, build);
  const wide = arrays.map((array) => (array.dtype === "float32" ? ndarray("float64", array.shape, array.data) : array));
  for (const [name, array] of Object.entries(await evaluateOn(reference, wide, build))) {
    expect(got[name]!.shape).toEqual(array.shape);
    expect(differenceOf(got[name]!, array, { tolerance, relative }), name).toBeUndefined();
  }
}

export const float = (shape: readonly number[], values: ArrayLike<number>) => ndarray("float32", shape, values);
export const int = (...values: number[]) => ndarray("int32", [values.length], values);
