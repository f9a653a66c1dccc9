import { matmul, matrixTranspose, type Tensor } from "@semblance/core";
import type { KernelInput } from "./comparison-input.js";
import { centre } from "./kernels/centre.js";

/** Vectors of clusters whose inner products are those of a kernel: κ(vₐ, v_b) = vectors[a]·images[b], both [k, m]. */
export interface EmbeddedDeviations {
  readonly vectors: Tensor;
  readonly images: Tensor;
}

/**
 * Deviations d [n, k], whose columns sum to 0, in the space of a kernel: dᵀφ [k, f] as both where the kernel has features φ [n, f], which
 * spares the matrix; dᵀ and dᵀκ [k, n] otherwise.
 *
 * The columns sum to 0 up to rounding. Centring takes away the common offset that this rounding would multiply.
 */
export function embedDeviations(deviations: Tensor, input: KernelInput): EmbeddedDeviations {
  const columns = matrixTranspose(deviations);
  if (input.kind === "matrix") return { vectors: columns, images: matmul(columns, centre(input.matrix)) };
  const vectors = matmul(columns, centre(input.features));
  return { vectors, images: vectors };
}
