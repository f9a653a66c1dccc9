import {
  argMax,
  cast,
  defineDivergence,
  equal,
  gather,
  gatherElements,
  iota,
  max,
  mean,
  reshape,
  sub,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";
import { setMeans } from "../sets/set-mean.js";

/**
 * The deep Bregman divergence: φ(p) = max_c E_p[w_c] + b_c over K learned functionals, on the outputs z of a network with K of them.
 *
 *     D(x, y) = z(x)[x*] − z(x)[y*],     x* = argmax_c z(x)[c],  y* = argmax_c z(y)[c]
 *
 * Both terms are outputs of x: y only selects an index, and gets no gradient. D is 0 where both select the same one.
 *
 * Shapes   z(x): [n, k], z(y): [m, k]  →  [n, m]; of sets, outputs are averaged over a set first
 * Ties     go to the lowest index
 * Laws     D ≥ 0; unchanged by a number added to all outputs of a row; k = 1 gives 0; asymmetric
 * Watch    the share of rows that select each output, as `active`
 * Source   Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020), theorem 3.2 and section 3.2
 */
export const maxAffine = defineDivergence({
  name: "max-affine",
  summary: "Deep Bregman divergence of a maximum over learned outputs.",
  formula: "D(x, y) = z(x)[x*] − z(x)[y*], * = argmax_c",
  source: "Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020), section 3.2",
  config: z.strictObject({}),
  outputs: (_, { classes }) => classes,
  matrix(x, y, _, cx) {
    // Of a batch compared with itself, not of each part of a comparison.
    if (x === y) cx.monitor("active", shares(x));
    return between(x, y);
  },
  paired(x, y) {
    const at = (rows: Tensor) => reshape(argMax(rows, 1), [rows.shape[0]!, 1]);
    const own = gatherElements(x, at(x), 1);
    return reshape(sub(own, gatherElements(x, at(y), 1)), [x.shape[0]!]);
  },
  sets: (first, second) => between(setMeans(first), setMeans(second)),
  generator: (x) => max(x, { axes: [1] }),
});

/** The share of rows that select each output [k]. */
function shares(x: Tensor): Tensor {
  const active = reshape(argMax(x, 1), [x.shape[0]!, 1]);
  return mean(cast(equal(active, iota(x.shape[1]!)), x.dtype), { axes: [0] });
}

function between(x: Tensor, y: Tensor): Tensor {
  const own = gatherElements(x, reshape(argMax(x, 1), [x.shape[0]!, 1]), 1);
  return sub(own, gather(x, argMax(y, 1), 1));
}
