import type { NdArray } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import type { Entry } from "./entry.js";
import type { InputDomain } from "./loss-law.js";
import type { PairTable } from "./pair-table.js";

/**
 * A dissimilarity δ(x, y) of rows: data only, symmetric, never negative, 0 between equal rows.
 *
 * It is given by `matrix`, made of primitives; or by `table` alone, on the host, where only the whole data set defines it; or, with
 * neither, as an input.
 */
export interface Distance<Config = unknown> extends Entry<Config> {
  readonly kind: "distance";
  /** What values its rows may hold; real numbers unless it says otherwise. */
  readonly domain?: Extract<InputDomain, "real" | "positive" | "simplex">;
  /** Whether δ(x, z) ≤ δ(x, y) + δ(y, z) for every configuration. */
  readonly triangleInequality?: boolean;
  /** All pairs of rows: x [n, d], y [m, d] → [n, m]. */
  matrix?(x: Tensor, y: Tensor, config: Config): Tensor;
  /**
   * All pairs of the rows of a whole data set [n, d] → [n, n], computed outside programs. Beside a `matrix` it gives the same numbers
   * sooner: training compares the whole data set by it then.
   */
  table?(data: NdArray, config: Config): PairTable | Promise<PairTable>;
  /** The most rows that `table` takes, where there is a limit. */
  readonly mostRows?: number;
}

export function defineDistance<Config>(distance: Omit<Distance<Config>, "kind">): Distance<Config> {
  return { kind: "distance", ...distance };
}
