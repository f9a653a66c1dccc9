import { defineDivergence, matmul, matrixTranspose, mul, relu, softmax, sub, sum } from "@semblance/core";
import { z } from "zod";

/**
 * The softened deep divergence of the authors' notebook: each argmax becomes a mean by the softmax. Gradients reach both arguments, but
 * it is no Bregman divergence, and is cut off at 0 where it would be negative.
 *
 *     D(x, y) = max(Σ_c softmax(z(x))_c z(x)_c − Σ_c softmax(z(y))_c z(x)_c, 0)
 *
 * Shapes   z(x): [n, k], z(y): [m, k]  →  [n, m]
 * Source   the notebook released with Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020)
 */
export const softAffine = defineDivergence({
  name: "soft-affine",
  summary: "Deep divergence with a softmax for the argmax; not a Bregman divergence.",
  formula: "D(x, y) = max(⟨softmax(z(x)) − softmax(z(y)), z(x)⟩, 0)",
  source: "the notebook released with Deep Divergence Learning (ICML 2020)",
  config: z.strictObject({}),
  outputs: (_, { classes }) => classes,
  matrix(x, y) {
    const own = sum(mul(softmax(x), x), { axes: [1], keepDims: true });
    return relu(sub(own, matmul(x, matrixTranspose(softmax(y)))));
  },
  paired: (x, y) => relu(sum(mul(sub(softmax(x), softmax(y)), x), { axes: [1] })),
});
