import {
  add,
  bindDivergence,
  type Catalogue,
  type DivergenceOrder,
  matrixTranspose,
  mul,
  normalise,
  type ParameterTensors,
  type Tensor,
} from "@semblance/core";
import type { Comparison } from "./comparison.js";

export interface CompareSets {
  /** [n, d] */
  readonly queries: Tensor;
  /** [m, d] */
  readonly gallery: Tensor;
  /** The weights of the divergence. */
  readonly parameters: ParameterTensors;
  readonly order: DivergenceOrder;
}

/**
 * The divergences [n, m] of embeddings from those of a gallery.
 *
 *     anchor-first   D(query, row)        anchor-second   D(row, query)        both   their mean
 */
export function compareSets(
  { catalogue, comparison }: { readonly catalogue: Catalogue; readonly comparison: Comparison },
  { queries, gallery, parameters, order }: CompareSets,
): Tensor {
  const { matrix } = bindDivergence(catalogue, comparison.divergence, parameters);
  const [x, y] = prepared(comparison, queries, gallery);
  if (order === "anchor-first") return matrix(x, y);
  const turned = matrixTranspose(matrix(y, x));
  return order === "anchor-second" ? turned : mul(add(matrix(x, y), turned), 0.5);
}

/** The same of embeddings and those at their places [n]. */
export function comparePairs(
  { catalogue, comparison }: { readonly catalogue: Catalogue; readonly comparison: Comparison },
  { queries, gallery, parameters, order }: CompareSets,
): Tensor {
  const { paired } = bindDivergence(catalogue, comparison.divergence, parameters);
  const [x, y] = prepared(comparison, queries, gallery);
  if (order === "anchor-first") return paired(x, y);
  return order === "anchor-second" ? paired(y, x) : mul(add(paired(x, y), paired(y, x)), 0.5);
}

const prepared = ({ normalise: scaled }: Comparison, x: Tensor, y: Tensor): [Tensor, Tensor] =>
  scaled ? [normalise(x), normalise(y)] : [x, y];
