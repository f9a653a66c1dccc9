import {
  constant,
  type DivergenceContext,
  defineDivergence,
  matmul,
  matrixTranspose,
  ndarray,
  type ParameterArrays,
  pairwiseSquaredDistances,
  ShapeError,
  square,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";

const factor = z
  .strictObject({ shape: z.tuple([z.int().min(1), z.int().min(1)]), data: z.array(z.number()) })
  .refine(({ shape, data }) => shape[0] * shape[1] === data.length, { error: "has as many numbers as its shape says" });

const config = z.strictObject({
  factor: factor.optional().describe("G [r, d], row-major; learned where it is left out"),
  rank: z.int().min(1).optional().describe("the rows r of a learned G; the width of the embeddings by default"),
});
type Config = z.infer<typeof config>;

/**
 * The Mahalanobis distance, squared: the Euclidean one after a linear map, given or learned.
 *
 *     D(x, y) = (x − y)ᵀA(x − y) = ‖G(x − y)‖²,  A = GᵀG,        φ(x) = xᵀAx
 *
 * Shapes   x: [n, d], y: [m, d], G: [r, d]  →  [n, m]. G is free of constraints, since GᵀG is never negative.
 * Start    a learned square G is the identity, so that D begins as the squared Euclidean distance; others are drawn N(0, 1/d)
 * Errors   FACTOR_WIDTH when G is not as wide as the rows
 * Source   Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020), section 3
 */
export const mahalanobis = defineDivergence({
  name: "mahalanobis",
  summary: "Squared Mahalanobis distance of a given or learned factor.",
  formula: "D(x, y) = ‖G(x − y)‖²",
  source: "Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020), section 3",
  symmetric: true,
  config,
  examples: [{}, { rank: 2 }, { factor: { shape: [2, 3], data: [1, 2, 0, 0, 1, -1] } }],
  init(key, { factor: given, rank }: Config, { width }): ParameterArrays {
    if (given) return {};
    const rows = rank ?? width;
    const data = new Float64Array(rows * width);
    if (rows === width) for (let i = 0; i < rows; i++) data[i * width + i] = 1;
    else data.set(key.normal(rows * width).map((value) => value / Math.sqrt(width)));
    return { factor: ndarray("float64", [rows, width], data) };
  },
  matrix(x, y, settings: Config, cx) {
    const mapped = mapBy(settings, cx);
    const first = mapped(x);
    return pairwiseSquaredDistances(first, x === y ? first : mapped(y));
  },
  paired: (x, y, settings: Config, cx) => sum(square(mapBy(settings, cx)(sub(x, y))), { axes: [1] }),
  generator: (x, settings: Config, cx) => sum(square(mapBy(settings, cx)(x)), { axes: [1] }),
});

/** x ↦ xGᵀ */
function mapBy({ factor: given }: Config, { parameters }: DivergenceContext): (x: Tensor) => Tensor {
  return (x) => {
    const g = given ? constant(ndarray(x.dtype, given.shape, given.data)) : parameters.factor;
    if (!g || g.shape[1] !== x.shape[1]) {
      throw new ShapeError(
        "FACTOR_WIDTH",
        `the factor is ${g ? g.shape[1] : "not there"}, rows are ${x.shape[1]} wide`,
        {
          where: 'divergence "mahalanobis"',
          fix: `Give a factor [r, ${x.shape[1]}], or leave it out to have one learned.`,
        },
      );
    }
    return matmul(x, matrixTranspose(g));
  };
}
