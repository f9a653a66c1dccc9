import {
  cast,
  defineKernel,
  div,
  equal,
  exp,
  greater,
  mul,
  neg,
  pairwiseSquaredDistances,
  square,
  type Tensor,
  where,
} from "@semblance/core";
import { z } from "zod";
import { centreBoth } from "./centre.js";
import { gammaOf } from "./gamma.js";
import { comparedRows, medianDistance } from "./median-distance.js";
import { settleMedian } from "./settle-median.js";

const config = z.strictObject({
  gamma: z
    .union([z.number().positive(), z.literal("median")])
    .optional()
    .describe('γ, above 0; 1/D by default, D being the number of features; "median" for 1/(2·median²)'),
});

/**
 * The radial basis function kernel.
 *
 *     κ(x, y) = exp(−γ‖x − y‖²)
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Median   γ = 1/(2·median²) of the Euclidean distances over i < j of the rows compared. Where more than half of the pairs
 *          coincide the median is 0, and κ is the limit: 1 for equal rows, 0 for others. A single row has κ = 1.
 *          Training takes the median of the whole data set once, not of each batch.
 * Laws     0 ≤ κ ≤ 1; κ(x, x) = 1; unchanged by a shift of all rows; positive definite
 */
export const rbf = defineKernel({
  name: "rbf",
  summary: "Gaussian similarity by γ, a number or the median heuristic.",
  formula: "κ(x, y) = exp(−γ‖x − y‖²)",
  source: "scikit-learn, rbf_kernel; median heuristic: Gretton et al., JMLR 13 (2012), section 8",
  positiveSemidefinite: true,
  config,
  examples: [{}, { gamma: 0.5 }, { gamma: "median" }],
  matrix(x, y, { gamma }: z.infer<typeof config>) {
    const [first, second] = centreBoth(x, y);
    const squares = pairwiseSquaredDistances(first, second);
    const rows = comparedRows(first, second);
    if (gamma !== "median" || rows.shape[0]! < 2) {
      return exp(mul(squares, -gammaOf(gamma === "median" ? undefined : gamma, x)));
    }
    return byMedian(squares, medianDistance(x === y ? squares : pairwiseSquaredDistances(rows, rows)));
  },
  settle(data, settings: z.infer<typeof config>) {
    if (settings.gamma !== "median" || data.shape[0]! < 2) return { config: settings };
    const { median, rows } = settleMedian(data);
    const gamma = median > 0 ? 1 / (2 * median ** 2) : ONLY_EQUAL_ROWS;
    const of = rows === data.shape[0] ? "all rows" : `${rows} drawn rows`;
    return {
      config: { gamma },
      note: `kernel "rbf": gamma is ${Number(gamma.toPrecision(6))}, from the median distance ${Number(median.toPrecision(6))} of ${of}`,
    };
  },
});

/** A γ whose kernel is 1 for equal rows and 0 for others, also in float32: the limit where the median is 0. */
const ONLY_EQUAL_ROWS = 1e38;

function byMedian(squares: Tensor, median: Tensor): Tensor {
  const spread = greater(median, 0);
  const scale = mul(square(where(spread, median, 1)), 2);
  return where(spread, exp(neg(div(squares, scale))), cast(equal(squares, 0), squares.dtype));
}
