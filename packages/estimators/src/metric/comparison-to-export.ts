import {
  bindDivergence,
  ConfigError,
  divergenceWeights,
  type NdArray,
  type Predictions,
  takeRows,
} from "@semblance/core";
import { canonicalJson } from "../canonical-json.js";
import type { TrainedModel } from "../trained-model.js";
import { Comparer } from "./comparer.js";
import type { Comparison } from "./comparison.js";
import { COMPARED, DIVERGENCE, traceComparison } from "./trace-comparison.js";

/**
 * What a file with model and divergence takes beside the model alone: half of the rows are compared with the embeddings of the other half, so
 * that no row meets itself, where rounding is all that there is to compare.
 */
export async function comparisonToExport(trained: TrainedModel, comparison: Comparison, { embeddings }: Predictions) {
  const { catalogue, backend, model, state } = trained;
  if (!embeddings) {
    throw new ConfigError("MODEL_WITHOUT_EMBEDDINGS", `model "${model.model.entry.name}" has no embeddings`, {
      where: `model "${model.model.entry.name}"`,
      fix: "Train a model with hidden layers, such as mlp, or with a loss that compares embeddings.",
    });
  }
  const rows = Math.ceil(embeddings.shape[0]! / 2);
  const [own, others] = [
    range(0, rows),
    embeddings.shape[0] === 1 ? range(0, 1) : range(rows, embeddings.shape[0]!),
  ].map((indices) => takeRows(embeddings, indices)) as [NdArray, NdArray];
  const compared = Object.keys(COMPARED).filter(
    (name) => name === "divergences" || !bindDivergence(catalogue, comparison.divergence).symmetric,
  );
  const weights = divergenceWeights(state);
  const comparer = new Comparer({ catalogue, backend, comparison, weights });
  try {
    const expected: Record<string, NdArray> = { embeddings: own };
    for (const name of compared) expected[name] = await comparer.matrix(own, others, COMPARED[name]!);
    return {
      rows,
      expected,
      feeds: { gallery: inFloat32(others) },
      weights: Object.fromEntries(
        Object.entries(weights).map(([name, array]) => [DIVERGENCE + name, inFloat32(array)]),
      ),
      gallery: { input: "gallery", outputs: compared },
      metadata: { divergence: canonicalJson(comparison.divergence), normalise: String(comparison.normalise) },
      program: (held: Parameters<typeof traceComparison>[0]["weights"], count: number, galleryRows: number) =>
        traceComparison({
          catalogue,
          model,
          comparison,
          compared,
          weights: held,
          rows: count,
          galleryRows,
          width: own.shape[1]!,
        }),
    };
  } finally {
    await comparer.dispose();
  }
}

const range = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, at) => from + at);

const inFloat32 = ({ shape, data }: NdArray): NdArray => ({ dtype: "float32", shape, data: Float32Array.from(data) });
