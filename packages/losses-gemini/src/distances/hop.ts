import { defineDistance, type NdArray, type PairTable } from "@semblance/core";
import { z } from "zod";
import { distanceQuantile } from "../neighbours/distance-quantile.js";
import { hopCounts } from "../neighbours/hop-counts.js";
import { neighbourGraph } from "../neighbours/neighbour-graph.js";

const config = z.strictObject({
  quantile: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe("q, 0 to 1: the share of all distances below which two rows are neighbours"),
});

/** Twice the number of rows must fit 16 bits: it stands for "no path". */
export const MOST_HOP_ROWS = 32_767;

/**
 * The number of steps on the neighbour graph of the data set.
 *
 *     τ = q-quantile of all N² Euclidean distances, zeros of the diagonal and both triangles included, linearly interpolated
 *     i and j are neighbours where ‖xᵢ − xⱼ‖ < τ;  δ(xᵢ, xⱼ) = the fewest steps from i to j, and 2N where there is no path
 *
 * Shapes   data: [n, d]  →  [n, n], counted in 16 bits; a row and its copy are a step apart
 * Memory   4qN² bytes for the graph beside the 2N² of the result; distances are gone through twice, never kept
 * Laws     a metric; unchanged by a shift, a rotation and a scaling of all rows
 * Errors   TOO_MANY_ROWS beyond 32,767
 * Source   Ohl et al., NeurIPS 2022, section 4 (two moons); the authors' experiments have q = 0.05, their default is 0.1
 */
export const hop = defineDistance({
  name: "hop",
  summary: "The number of steps on the graph of near rows: distances along the data's shape.",
  formula: "δ(xᵢ, xⱼ) = fewest steps over pairs with ‖x − y‖ < τ, τ the q-quantile of all distances; 2N without a path",
  source: "Ohl et al., NeurIPS 2022, section 4",
  triangleInequality: true,
  config,
  examples: [{}, { quantile: 0.4 }],
  mostRows: MOST_HOP_ROWS,
  table: (data, { quantile }: z.infer<typeof config>) => hopTable(data, quantile),
});

function hopTable(data: NdArray, quantile: number): PairTable {
  const n = data.shape[0]!;
  const rows = { n, width: data.data.length / Math.max(1, n), data: Float64Array.from(data.data) };
  const graph = neighbourGraph(rows, distanceQuantile(rows, quantile));
  const { hops, components, isolated } = hopCounts(graph);
  return {
    shape: [n, n],
    data: hops,
    ...(components > 1 ? { warnings: [disconnected(n, components, isolated)] } : {}),
  };
}

function disconnected(n: number, components: number, isolated: number): string {
  const alone = isolated > 0 ? `, ${isolated} of them single rows` : "";
  return `the neighbour graph of the distance "hop" has ${components} separate parts${alone}: rows of different parts are ${2 * n} hops (2N) apart. A larger quantile joins parts; parts that are clusters may stay.`;
}
