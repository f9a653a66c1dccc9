import type { NdArray } from "../arrays/nd-array.js";
import type { Backend } from "../contracts/backend.js";
import { spec, trace } from "../ir/program.js";
import { Tensor } from "../ir/tensor.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { runOnce } from "./run-once.js";

/**
 * The values of a function of tensors at given arrays, on the reference backend unless another is given.
 *
 * ```ts
 * const [y] = await runFunction((x) => square(x), [ndarray("float64", [2], [3, 4])]);
 * y!.data // => Float64Array [9, 16]
 * ```
 */
export async function runFunction(
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly NdArray[],
  backend: Backend = referenceBackend(),
): Promise<NdArray[]> {
  const program = trace({
    name: f.name || "function",
    inputs: Object.fromEntries(inputs.map(({ dtype, shape }, position) => [`x${position}`, spec(dtype, shape)])),
    build: (leaves) => {
      const built = f(...Object.values(leaves));
      const results = built instanceof Tensor ? [built] : built;
      return { outputs: Object.fromEntries(results.map((result, index) => [`y${index}`, result])) };
    },
  });
  const feeds = Object.fromEntries(inputs.map((array, position) => [`x${position}`, array]));
  return Object.values(await runOnce(backend, program, feeds));
}
