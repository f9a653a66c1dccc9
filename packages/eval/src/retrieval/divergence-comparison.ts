import {
  add,
  bindDivergence,
  type Catalogue,
  type ComponentReference,
  type DivergenceOrder,
  matrixTranspose,
  mul,
  type NdArray,
} from "@semblance/core";
import type { RowComparison, Rows } from "./row-comparison.js";

/** Comparison by the divergence's own matrix, in the floating-point type of the device. */
export function divergenceComparison(
  { catalogue, divergence, parameters, order }: DivergenceChoice,
  queries: Rows,
  gallery: Rows,
): RowComparison {
  const fill = ({ width, data }: Rows): RowComparison["fillQuery"] => {
    return (row, into, at) => {
      for (let d = 0; d < width; d++) into[at + d] = data[row * width + d]!;
    };
  };
  return {
    width: gallery.width,
    parameters,
    fillQuery: fill(queries),
    fillStored: fill(gallery),
    scores(x, y, weights) {
      const bound = bindDivergence(catalogue, divergence, weights);
      if (bound.symmetric || order === "anchor-first") return bound.matrix(x, y);
      const turned = matrixTranspose(bound.matrix(y, x));
      return order === "anchor-second" ? turned : mul(add(bound.matrix(x, y), turned), 0.5);
    },
  };
}

/** A divergence, its weights, and which argument of it the query is. */
export interface DivergenceChoice {
  readonly catalogue: Catalogue;
  readonly divergence: ComponentReference;
  readonly parameters: Readonly<Record<string, NdArray>>;
  readonly order: DivergenceOrder;
}
