import {
  add,
  type BoundKernel,
  componentReference,
  defineDivergence,
  div,
  expand,
  eye,
  maximum,
  mul,
  type PointSets,
  reshape,
  scalar,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";
import { pointWeights } from "./set-mean.js";

const config = z.strictObject({
  kernel: componentReference("kernel").default("rbf"),
  estimator: z
    .enum(["biased", "unbiased"])
    .default("biased")
    .describe(
      "biased keeps the pairs of a point with itself and is a Bregman divergence; unbiased leaves them out and may be negative",
    ),
});
type Config = z.infer<typeof config>;

/**
 * The squared maximum mean discrepancy of two sets: the symmetric Bregman divergence of distributions with ψ = κ.
 *
 *     D(P, Q) = aᵀκ(P, P)a + bᵀκ(Q, Q)b − 2aᵀκ(P, Q)b,     a = 1/|P|, b = 1/|Q|
 *
 * Shapes   sets [n, s, d], [m, t, d] with masks [n, s], [m, t]  →  [n, m]; rows are sets of one point. Memory O((ns)² + (mt)²).
 * Laws     ≥ 0 with the biased estimator; with the linear kernel it is moment matching
 * Source   Gretton et al., JMLR 13 (2012), equations 3 and 5; Cilingir et al. (ICML 2020), section 3.1
 */
export const kernelMmd = defineDivergence({
  name: "kernel-mmd",
  summary: "Squared maximum mean discrepancy of two sets.",
  formula: "D(P, Q) = aᵀκ(P, P)a + bᵀκ(Q, Q)b − 2aᵀκ(P, Q)b",
  source: "Gretton et al., A Kernel Two-Sample Test, JMLR 13 (2012), equations 3 and 5",
  symmetric: true,
  // Of the unbiased estimator only; the biased one is tested by the package.
  nonNegative: false,
  config,
  unbiased: ({ estimator }: Config) => estimator === "unbiased",
  examples: [{ kernel: { name: "rbf", gamma: 0.5 } }, { kernel: { name: "rbf", gamma: 0.5 }, estimator: "unbiased" }],
  matrix: (x, y, settings: Config, cx) => {
    const first = asSets(x);
    return discrepancies(first, x === y ? first : asSets(y), cx.kernel(settings.kernel), "biased");
  },
  sets: (first, second, settings: Config, cx) =>
    discrepancies(first, second, cx.kernel(settings.kernel), settings.estimator),
});

/** A point alone has no other to be compared with: the estimator makes no difference of weights that are 1. */
const asSets = (x: Tensor): PointSets => ({ points: reshape(x, [x.shape[0]!, 1, x.shape[1]!]) });

function discrepancies(
  first: PointSets,
  second: PointSets,
  kernel: BoundKernel,
  estimator: Config["estimator"],
): Tensor {
  const [n, m] = [first.points.shape[0]!, second.points.shape[0]!];
  const own = (sets: PointSets) => within(sets, kernel, estimator);
  const ofFirst = own(first);
  const ofSecond = second === first ? ofFirst : own(second);
  const both = add(reshape(ofFirst, [n, 1]), reshape(ofSecond, [1, m]));
  return sub(both, mul(across(first, second, kernel), 2));
}

/** aᵀκ(P, Q)b of each set of the first with each of the second → [n, m]. */
function across(first: PointSets, second: PointSets, kernel: BoundKernel): Tensor {
  const [n, s] = [first.points.shape[0]!, first.points.shape[1]!];
  const [m, t] = [second.points.shape[0]!, second.points.shape[1]!];
  const similarities = kernel.matrix(flat(first.points), flat(second.points));
  const byFirst = reshape(pointWeights(first), [n, s, 1, 1]);
  const bySecond = reshape(pointWeights(second), [1, 1, m, t]);
  return sum(mul(mul(reshape(similarities, [n, s, m, t]), byFirst), bySecond), { axes: [1, 3] });
}

/** aᵀκ(P, P)a of each set by itself → [n]; without the diagonal, 1/(|P|(|P| − 1)) Σ_{i≠j} κ, and 0 for a set of one. */
function within(sets: PointSets, kernel: BoundKernel, estimator: Config["estimator"]): Tensor {
  const { points, mask } = sets;
  const [n, s] = [points.shape[0]!, points.shape[1]!];
  const rows = flat(points);
  const similarities = reshape(kernel.matrix(rows, rows), [n, s, n, s]);
  const same = reshape(eye(n, points.dtype), [n, 1, n, 1]);
  const ofEach = sum(mul(similarities, same), { axes: [2] });
  if (estimator === "biased") {
    const weights = pointWeights(sets);
    return sum(mul(mul(ofEach, reshape(weights, [n, s, 1])), reshape(weights, [n, 1, s])), { axes: [1, 2] });
  }
  const belongs = mask ?? expand(scalar(1, points.dtype), [n, s]);
  const others = sub(1, reshape(eye(s, points.dtype), [1, s, s]));
  const pairs = mul(mul(reshape(belongs, [n, s, 1]), reshape(belongs, [n, 1, s])), others);
  return div(sum(mul(ofEach, pairs), { axes: [1, 2] }), maximum(sum(pairs, { axes: [1, 2] }), 1));
}

const flat = (points: Tensor) => reshape(points, [points.shape[0]! * points.shape[1]!, points.shape[2]!]);
