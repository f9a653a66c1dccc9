import type { NdArray } from "../arrays/nd-array.js";
import type { Tensor } from "../ir/tensor.js";
import type { Entry } from "./entry.js";
import type { InputDomain } from "./loss-law.js";
import type { PairTable } from "./pair-table.js";

/** A similarity κ(x, y) of rows: data only, symmetric. */
export interface Kernel<Config = unknown> extends Entry<Config> {
  readonly kind: "kernel";
  /** What values its rows may hold; real numbers unless it says otherwise. */
  readonly domain?: Extract<InputDomain, "real" | "positive" | "simplex">;
  /** Whether its matrix has no negative eigenvalue, for every configuration. */
  readonly positiveSemidefinite?: boolean;
  /** All pairs of rows: x [n, d], y [m, d] → [n, m]. A kernel with neither this nor `table` is an input. */
  matrix?(x: Tensor, y: Tensor, config: Config): Tensor;
  /** The feature map φ of a kernel κ(x, y) = φ(x)·φ(y) with few features: [n, d] → [n, f]. Spares the [n, n] matrix. */
  features?(x: Tensor, config: Config): Tensor;
  /**
   * All pairs of the rows of a whole data set [n, d] → [n, n], computed outside programs. Beside a `matrix` it gives the same numbers
   * sooner: training compares the whole data set by it then.
   */
  table?(data: NdArray, config: Config): PairTable | Promise<PairTable>;
  /** The most rows that `table` takes, where there is a limit. */
  readonly mostRows?: number;
  /**
   * The configuration with what depends on the whole data set worked out, such as a median: what training uses for every batch.
   */
  settle?(data: NdArray, config: Config): SettledConfig<Config>;
}

export interface SettledConfig<Config> {
  readonly config: Config;
  /** What was decided, for the run's log. */
  readonly note?: string;
}

export function defineKernel<Config>(kernel: Omit<Kernel<Config>, "kind">): Kernel<Config> {
  return { kind: "kernel", ...kernel };
}
