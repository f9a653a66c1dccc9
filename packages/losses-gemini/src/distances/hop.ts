import { DataError, defineDistance, type NdArray, type PairTable } from "@semblance/core";
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
  connected: z
    .boolean()
    .optional()
    .describe(
      "true refuses data whose graph falls into parts; otherwise rows of different parts are 2N apart, with a warning",
    ),
});
type HopConfig = z.input<typeof config>;

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
 * Errors   TOO_MANY_ROWS beyond 32,767; GRAPH_DISCONNECTED where it is to be connected and is not; training refuses a graph in which no two
 *          rows are neighbours (GRAPH_WITHOUT_EDGES)
 * Source   Ohl et al., NeurIPS 2022, section 4 (two moons); the authors' experiments have q = 0.05, their default is 0.1
 */
export const hop = defineDistance({
  name: "hop",
  summary: "The number of steps on the graph of near rows: distances along the data's shape.",
  formula: "δ(xᵢ, xⱼ) = fewest steps over pairs with ‖x − y‖ < τ, τ the q-quantile of all distances; 2N without a path",
  source: "Ohl et al., NeurIPS 2022, section 4",
  triangleInequality: true,
  config,
  examples: [{}, { quantile: 0.4 }, { quantile: 1, connected: true }],
  mostRows: MOST_HOP_ROWS,
  table: hopTable,
});

function hopTable(data: NdArray, { quantile = 0.1, connected }: HopConfig): PairTable {
  const n = data.shape[0]!;
  const rows = { n, width: data.data.length / Math.max(1, n), data: Float64Array.from(data.data) };
  const graph = neighbourGraph(rows, distanceQuantile(rows, quantile));
  const { hops, components, isolated } = hopCounts(graph);
  const table = { shape: [n, n], data: hops };
  if (components === 1) return table;
  const warning = disconnected(n, components, isolated);
  const larger = `Raise distance.quantile above ${quantile}`;
  if (connected) {
    const fix = `${larger}, or leave connected out where parts may be clusters.`;
    throw new DataError("GRAPH_DISCONNECTED", warning, { where: 'distance "hop"', fix });
  }
  const warnings = [`${warning} A larger quantile joins parts; parts that are clusters may stay.`];
  if (components < n) return { ...table, warnings };
  const message = `no two rows are neighbours by the distance "hop" of quantile ${quantile}: all are equally far from each other`;
  return { ...table, warnings, unusable: { code: "GRAPH_WITHOUT_EDGES", message, fix: `${larger}.` } };
}

function disconnected(n: number, components: number, isolated: number): string {
  const alone = isolated > 0 ? `, ${isolated} of them single rows` : "";
  return `the neighbour graph of the distance "hop" has ${components} separate parts${alone}: rows of different parts are ${2 * n} hops (2N) apart.`;
}
