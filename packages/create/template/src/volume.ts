import {
  add,
  ConfigError,
  cast,
  componentReference,
  defineLoss,
  eye,
  matmul,
  matrixTranspose,
  mean,
  mul,
  ShapeError,
  showShape,
  sub,
} from "@semblance/core";
import { z } from "zod";
import { logDeterminant } from "./log-determinant.js";

/** ε: keeps the logarithm finite where a cluster is empty. */
const FLOOR = 0.01;

const config = z.strictObject({
  clusters: z.int().min(2).optional().describe("K, the number of clusters, a whole number from 2"),
  kernel: componentReference("kernel").default("{{family}}/cauchy"),
  weight: z.number().positive().default(1).describe("w, above 0; 1 by default: what volume counts beside similarity"),
});

/**
 * Clusters that keep similar rows together and are sure and of equal size, minimised.
 *
 *     L = (1/N²) Σᵢⱼ κ(xᵢ, xⱼ)(1 − pᵢ·pⱼ) − (w/K) log det(εI + (K/N) PᵀP)
 *
 * The first part is what similar rows disagree by; the second is largest where each row is sure of its cluster and all clusters
 * have N/K rows, so that PᵀP = (N/K) I.
 *
 * Shapes   posteriors P: [n, k], data x: [n, d]  →  []
 * Laws     unchanged by the order of clusters, by repeating all rows, and by moving or turning the data
 * Errors   VOLUME_INPUTS_EMPTY, CLUSTERS_MISMATCH
 */
export const volume = defineLoss({
  name: "{{family}}/volume",
  summary: "Similar rows together, in sure clusters of equal size.",
  formula: "L = (1/N²) Σᵢⱼ κ(xᵢ, xⱼ)(1 − pᵢ·pⱼ) − (w/K) log det(εI + (K/N) PᵀP)",
  config,
  examples: [{}, { clusters: 3, weight: 0.5 }],
  inputs: {
    posteriors: {
      axes: ["n", "k"],
      type: "float",
      description: "cluster probabilities of each row",
      domain: "simplex",
      differentiable: true,
    },
    data: { axes: ["n", "d"], type: "float", description: "the rows that are clustered" },
  },
  // Pairs of rows meet, so parts of a batch cannot be scored apart.
  shards: "needs-gather",
  laws: ["cluster-permutation-invariant", "repetition-invariant", "translation-invariant", "rotation-invariant"],
  outputs: ({ clusters }) => clusters,
  build({ posteriors, data }, { clusters, kernel, weight }: z.infer<typeof config>, cx) {
    const p = posteriors!;
    const x = data!;
    const [n = 0, k = 0] = p.shape;
    if (p.size === 0 || x.size === 0) {
      throw new ShapeError("VOLUME_INPUTS_EMPTY", `posteriors are ${showShape(p.shape)}, data ${showShape(x.shape)}`, {
        where: 'loss "{{family}}/volume"',
        fix: "Pass at least one row with at least one cluster and one feature.",
      });
    }
    if (clusters !== undefined && clusters !== k) {
      throw new ConfigError("CLUSTERS_MISMATCH", `clusters is ${clusters} and the posteriors have ${k} columns`, {
        where: 'loss "{{family}}/volume"',
        fix: `Set clusters to ${k}, or give the model a head of ${clusters}.`,
      });
    }
    const together = matmul(p, matrixTranspose(p));
    const similarity = cast(cx.kernel(kernel).matrix(x, x), p.dtype);
    const disagreement = mean(sub(similarity, mul(similarity, together)));
    const gram = mul(matmul(matrixTranspose(p), p), k / n);
    const size = logDeterminant(add(gram, mul(eye(k, p.dtype), FLOOR)));
    return sub(disagreement, mul(size, weight / k));
  },
});
