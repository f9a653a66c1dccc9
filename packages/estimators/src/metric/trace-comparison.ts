import {
  type Arrays,
  applyModel,
  type Catalogue,
  type DivergenceOrder,
  type Learner,
  type Program,
  spec,
  trace,
} from "@semblance/core";
import { compareSets } from "./compare-sets.js";
import type { Comparison } from "./comparison.js";

/** What the weights of the divergence are called beside those of the model. */
export const DIVERGENCE = "divergence/";

/** Outputs with a column for each row of the gallery. */
export const COMPARED: Readonly<Record<string, DivergenceOrder>> = {
  divergences: "anchor-first",
  reverseDivergences: "anchor-second",
};

export interface TraceComparison {
  readonly catalogue: Catalogue;
  readonly model: Pick<Learner, "model" | "shape">;
  readonly comparison: Comparison;
  /** Which outputs are made: both orders, unless the divergence is symmetric. */
  readonly compared: readonly string[];
  /** Of the model, and of the divergence under `DIVERGENCE`. */
  readonly weights: Arrays;
  readonly rows: number;
  readonly galleryRows: number;
  /** The width of an embedding. */
  readonly width: number;
}

/**
 * Model and divergence as one program: rows `data` [n, …item] and the embeddings of a gallery [m, d] to `embeddings` [n, d] and, for each
 * pair, `divergences` [n, m] = D(row, gallery), and `reverseDivergences` = D(gallery, row) where that is another number.
 */
export function traceComparison(options: TraceComparison): Program {
  const { model, weights, rows, galleryRows, width, compared } = options;
  return trace({
    name: "compare with a gallery",
    inputs: {
      data: spec("float32", [rows, ...model.shape.item]),
      indices: spec("int32", [rows]),
      gallery: spec("float32", [galleryRows, width]),
    },
    carries: Object.fromEntries(Object.entries(weights).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)])),
    build({ data, indices, gallery }, carried) {
      const embeddings = applyModel(model, carried, { data, indices }, false).embeddings!;
      const parameters = Object.fromEntries(
        Object.entries(carried).flatMap(([name, tensor]) =>
          name.startsWith(DIVERGENCE) ? [[name.slice(DIVERGENCE.length), tensor]] : [],
        ),
      );
      const matrices = compared.map((name) => [
        name,
        compareSets(options, { queries: embeddings, gallery, parameters, order: COMPARED[name]! }),
      ]);
      return { outputs: { embeddings, ...Object.fromEntries(matrices) } };
    },
  });
}
