import { type BoundDistance, type BoundKernel, ConfigError, ShapeError, showShape, type Tensor } from "@semblance/core";

/** What a loss that compares rows is given. */
export interface ComparisonSources {
  readonly posteriors: Tensor;
  readonly data: Tensor | undefined;
  readonly affinity: Tensor | undefined;
  readonly loss: string;
}

/** What a kernel loss computes with: an explicit feature map's rows [n, f], or a kernel matrix [n, n]. */
export type KernelInput =
  | { readonly kind: "features"; readonly features: Tensor }
  | { readonly kind: "matrix"; readonly matrix: Tensor };

/**
 * A kernel's features or matrix from the input that fits it: `affinity` for a precomputed one, `data` for the others.
 *
 * @throws ConfigError KERNEL_INPUT_MISSING, KERNEL_INPUT_CONFLICT; ShapeError AFFINITY_INVALID, DATA_INVALID
 */
export function kernelInput(kernel: BoundKernel, sources: ComparisonSources): KernelInput {
  const rows = rowsToCompare("kernel", kernel, sources);
  if (!rows) return { kind: "matrix", matrix: sources.affinity! };
  return kernel.features
    ? { kind: "features", features: kernel.features(rows) }
    : { kind: "matrix", matrix: kernel.matrix(rows, rows) };
}

/**
 * A distance's matrix [n, n] from the input that fits it: `affinity` for a precomputed one, `data` for the others.
 *
 * @throws ConfigError DISTANCE_INPUT_MISSING, DISTANCE_INPUT_CONFLICT; ShapeError AFFINITY_INVALID, DATA_INVALID
 */
export function distanceInput(distance: BoundDistance, sources: ComparisonSources): Tensor {
  const rows = rowsToCompare("distance", distance, sources);
  return rows ? distance.matrix(rows, rows) : sources.affinity!;
}

/** The rows to compare; undefined where the matrix is given instead. */
function rowsToCompare(
  kind: "kernel" | "distance",
  { name, precomputed }: BoundDistance,
  { posteriors, data, affinity, loss }: ComparisonSources,
): Tensor | undefined {
  const rows = posteriors.shape[0]!;
  const where = `loss "${loss}" with ${kind} "${name}"`;
  const code = kind.toUpperCase();
  if (precomputed) {
    if (!affinity) {
      const instead = kind === "kernel" ? "linear" : "euclidean";
      throw new ConfigError(`${code}_INPUT_MISSING`, `${kind} "${name}" needs the input affinity [N, N]`, {
        where,
        fix: `Pass the ${kind} matrix as affinity, or choose a ${kind} that is computed from data, such as ${instead}.`,
      });
    }
    requireShape(affinity, posteriors, [rows, rows], "AFFINITY_INVALID", "affinity", where);
    return undefined;
  }
  if (affinity) {
    throw new ConfigError(`${code}_INPUT_CONFLICT`, `affinity is given and ${kind} "${name}" would not read it`, {
      where,
      fix: `Set ${kind}: precomputed to use the matrix, or leave affinity out.`,
    });
  }
  if (!data) {
    throw new ConfigError(`${code}_INPUT_MISSING`, `${kind} "${name}" needs the input data [N, D]`, {
      where,
      fix: `Pass the rows as data, or a ${kind} matrix as affinity with ${kind}: precomputed.`,
    });
  }
  requireShape(data, posteriors, [rows, data.shape[1] ?? -1], "DATA_INVALID", "data", where);
  return data;
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
