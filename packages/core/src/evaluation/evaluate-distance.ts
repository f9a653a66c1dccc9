import type { NdArray } from "../arrays/nd-array.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { ComponentReference } from "../contracts/entry.js";
import { evaluateMatrix } from "./evaluate-matrix.js";
import type { NumberArray } from "./named-arrays.js";

export interface EvaluateDistanceOptions {
  readonly catalogue: Catalogue;
  readonly backend: Backend;
  /** The distance's name, or its name with its configuration. */
  readonly distance: ComponentReference;
  /** [n, d]; for a precomputed distance the matrix [n, n] itself. */
  readonly data: NumberArray;
}

/**
 * The matrix [n, n] of a distance over all pairs of rows, computed by a backend, or on the host where only the whole data set defines
 * it.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN; ShapeError RANK_MISMATCH; DataError ARRAY_INVALID,
 *         and the codes of `requireAffinity` for a matrix that is given
 */
export function evaluateDistance({ distance, ...options }: EvaluateDistanceOptions): Promise<NdArray> {
  return evaluateMatrix({ ...options, kind: "distance", reference: distance });
}
