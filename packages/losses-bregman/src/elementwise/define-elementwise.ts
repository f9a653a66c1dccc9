import {
  type Divergence,
  defineDivergence,
  matmul,
  matrixTranspose,
  mul,
  relu,
  reshape,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";

/** A Bregman divergence whose generator is a sum over components, φ(x) = Σ_c f(x_c). */
export interface Elementwise
  extends Pick<Divergence, "name" | "summary" | "formula" | "source" | "domain" | "symmetric"> {
  /** f of each component. */
  readonly f: (x: Tensor) => Tensor;
  /** f′ of each component. */
  readonly slope: (x: Tensor) => Tensor;
  /** d(x, y) = f(x) − f(y) − (x − y) f′(y) of components that broadcast, in a form that keeps its digits where x is near y. */
  readonly between: (x: Tensor, y: Tensor) => Tensor;
}

/** Elements of the [n, m, d] tensor up to which components are compared one by one rather than by a matrix product. */
const DIRECT_LIMIT = 1 << 22;

/**
 * A divergence that adds up over components.
 *
 * Small problems compare component by component, which is exact for near and equal rows. Large ones use
 * φ(x) − [φ(y) − ⟨y, ∇φ(y)⟩] − ⟨x, ∇φ(y)⟩, one matrix product; what its rounding makes negative is 0.
 */
export function defineElementwise({ f, slope, between, ...words }: Elementwise): Divergence<Record<string, never>> {
  const generator = (x: Tensor) => sum(f(x), { axes: [1] });
  return defineDivergence({
    ...words,
    config: z.strictObject({}),
    generator,
    paired: (x, y) => sum(between(x, y), { axes: [1] }),
    matrix(x, y) {
      const [n, m, d] = [x.shape[0]!, y.shape[0]!, x.shape[1]!];
      if (n * m * d <= DIRECT_LIMIT) {
        return sum(between(reshape(x, [n, 1, d]), reshape(y, [1, m, d])), { axes: [2] });
      }
      const slopes = slope(y);
      const offsets = sub(generator(y), sum(mul(y, slopes), { axes: [1] }));
      const first = sub(reshape(generator(x), [n, 1]), matmul(x, matrixTranspose(slopes)));
      return relu(sub(first, reshape(offsets, [1, m])));
    },
  });
}
