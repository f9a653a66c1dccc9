import type { NdArray } from "../arrays/nd-array.js";
import { showShape } from "../arrays/nd-array.js";
import { bindKernel } from "../container/build-context.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { ComponentReference } from "../contracts/entry.js";
import { ShapeError } from "../errors.js";
import { spec, trace } from "../ir/program.js";
import { type NumberArray, toArray } from "./named-arrays.js";

export interface EvaluateKernelOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  /** The kernel's name, or its name with its configuration. */
  readonly kernel: ComponentReference;
  /** [n, d]; for a precomputed kernel the matrix [n, n] itself. */
  readonly data: NumberArray;
}

/**
 * The matrix [n, n] of a kernel over all pairs of rows, computed by a backend.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; ShapeError RANK_MISMATCH, AFFINITY_INVALID; DataError
 *         ARRAY_INVALID
 */
export async function evaluateKernel(options: EvaluateKernelOptions): Promise<NdArray> {
  const { catalogue, backend } = options;
  const kernel = bindKernel(catalogue, options.kernel);
  const where = `kernel "${kernel.name}"`;
  const data = toArray(backend.float, options.data, `${where}, input "data"`);
  const [rows, columns] = data.shape;
  if (data.shape.length !== 2 || rows === 0 || columns === 0) {
    throw new ShapeError("RANK_MISMATCH", `data is ${showShape(data.shape)}, not [rows, features]`, {
      where,
      fix: "Pass at least one row with at least one feature.",
    });
  }
  if (kernel.precomputed) {
    if (rows === columns) return data;
    throw new ShapeError("AFFINITY_INVALID", `a precomputed matrix is square, not ${showShape(data.shape)}`, {
      where,
      fix: "Pass [N, N].",
    });
  }
  const program = trace({
    name: `evaluate ${kernel.name}`,
    inputs: { data: spec(data.dtype, data.shape) },
    build: ({ data: x }) => ({ outputs: { matrix: kernel.matrix(x, x) } }),
  });
  const executable = await backend.compile(program);
  try {
    return (await executable.run({ data })).matrix!;
  } finally {
    await executable.dispose();
  }
}
