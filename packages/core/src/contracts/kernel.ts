import type { Tensor } from "../ir/tensor.js";
import type { Entry } from "./entry.js";
import type { InputDomain } from "./loss-law.js";

/** A similarity κ(x, y) of rows: data only, symmetric. */
export interface Kernel<Config = unknown> extends Entry<Config> {
  readonly kind: "kernel";
  /** What values its rows may hold; real numbers unless it says otherwise. */
  readonly domain?: Extract<InputDomain, "real" | "positive" | "simplex">;
  /** Whether its matrix has no negative eigenvalue, for every configuration. */
  readonly positiveSemidefinite?: boolean;
  /** All pairs of rows: x [n, d], y [m, d] → [n, m]. Absent for a kernel whose matrix is an input. */
  matrix?(x: Tensor, y: Tensor, config: Config): Tensor;
  /** The feature map φ of a kernel κ(x, y) = φ(x)·φ(y) with few features: [n, d] → [n, f]. Spares the [n, n] matrix. */
  features?(x: Tensor, config: Config): Tensor;
}

export function defineKernel<Config>(kernel: Omit<Kernel<Config>, "kind">): Kernel<Config> {
  return { kind: "kernel", ...kernel };
}
