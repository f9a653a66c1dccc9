import type { NdArray } from "../arrays/nd-array.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { ComponentReference } from "../contracts/entry.js";
import { evaluateMatrix } from "./evaluate-matrix.js";
import type { NumberArray } from "./named-arrays.js";

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
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; ShapeError RANK_MISMATCH; DataError ARRAY_INVALID,
 *         and the codes of `requireAffinity` for a matrix that is given
 */
export function evaluateKernel({ kernel, ...options }: EvaluateKernelOptions): Promise<NdArray> {
  return evaluateMatrix({ ...options, kind: "kernel", reference: kernel });
}
