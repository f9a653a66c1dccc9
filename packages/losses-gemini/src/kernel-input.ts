import { type BoundKernel, ConfigError, ShapeError, showShape, type Tensor } from "@semblance/core";

/** What a kernel loss computes with: an explicit feature map's rows [n, f], or a kernel matrix [n, n]. */
export type KernelInput =
  | { readonly kind: "features"; readonly features: Tensor }
  | { readonly kind: "matrix"; readonly matrix: Tensor };

export interface KernelSources {
  readonly posteriors: Tensor;
  readonly data: Tensor | undefined;
  readonly affinity: Tensor | undefined;
  readonly loss: string;
}

/**
 * The input that fits a kernel: `affinity` for a precomputed one, `data` for the others.
 *
 * @throws ConfigError KERNEL_INPUT_MISSING, KERNEL_INPUT_CONFLICT; ShapeError AFFINITY_INVALID, DATA_INVALID
 */
export function kernelInput(kernel: BoundKernel, { posteriors, data, affinity, loss }: KernelSources): KernelInput {
  const rows = posteriors.shape[0]!;
  const where = `loss "${loss}" with kernel "${kernel.name}"`;
  if (kernel.precomputed) {
    if (!affinity) {
      throw new ConfigError("KERNEL_INPUT_MISSING", `kernel "${kernel.name}" needs the input affinity [N, N]`, {
        where,
        fix: "Pass the kernel matrix as affinity, or choose a kernel that is computed from data, such as linear.",
      });
    }
    requireShape(affinity, posteriors, [rows, rows], "AFFINITY_INVALID", "affinity", where);
    return { kind: "matrix", matrix: affinity };
  }
  if (affinity) {
    throw new ConfigError("KERNEL_INPUT_CONFLICT", `affinity is given and kernel "${kernel.name}" would not read it`, {
      where,
      fix: "Set kernel: precomputed to use the matrix, or leave affinity out.",
    });
  }
  if (!data) {
    throw new ConfigError("KERNEL_INPUT_MISSING", `kernel "${kernel.name}" needs the input data [N, D]`, {
      where,
      fix: "Pass the rows as data, or a kernel matrix as affinity with kernel: precomputed.",
    });
  }
  requireShape(data, posteriors, [rows, data.shape[1] ?? -1], "DATA_INVALID", "data", where);
  return kernel.features
    ? { kind: "features", features: kernel.features(data) }
    : { kind: "matrix", matrix: kernel.matrix(data, data) };
}

function requireShape(
  input: Tensor,
  posteriors: Tensor,
  wanted: readonly [number, number],
  code: string,
  name: string,
  where: string,
): void {
  const { shape, dtype } = input;
  if (shape.length === 2 && shape[0] === wanted[0] && shape[1] === wanted[1] && dtype === posteriors.dtype) return;
  const columns = name === "affinity" ? wanted[1] : "D";
  throw new ShapeError(
    code,
    `${name} is ${dtype}${showShape(shape)} beside posteriors ${posteriors.dtype}${showShape(posteriors.shape)}`,
    {
      where,
      fix: `Pass ${name} as ${posteriors.dtype}[${wanted[0]}, ${columns}], a row for each row of the posteriors.`,
    },
  );
}
