import { type Dataset, isSemblanceError, Key, type Predictions } from "@semblance/core";
import { comparisonOf, type TrainedModel } from "@semblance/estimators";
import type { NeighbourReport, PlaneMethod } from "@semblance/eval";
import type { Component } from "../job/job-schema.js";
import { matrixOf } from "../run/score.js";
import { featureSpace, learnedSpace } from "../spaces/space.js";
import { choosePairs } from "./choose-pairs.js";
import { drawDistances } from "./draw-distances.js";
import { drawFunctions } from "./draw-functions.js";
import { drawSheets } from "./draw-sheets.js";
import { drawViews } from "./draw-views.js";
import { knownRelations } from "./known-relations.js";

export interface NeighbourReportOptions {
  readonly trained: TrainedModel;
  readonly loss: Component;
  /** The rows that were scored, and what the model says of them. */
  readonly data: Dataset;
  readonly predictions: Predictions;
  /** What the features are compared by. */
  readonly before: string;
  /** How rows are drawn in the plane. */
  readonly methods: readonly PlaneMethod[];
}

export interface DrawnReport {
  readonly neighbours: NeighbourReport;
  /** What could not be drawn, and why. */
  readonly omitted: readonly string[];
}

/**
 * What a report shows of neighbours: the features compared by a plain divergence, and embeddings by that of the loss. What is drawn of many rows is
 * drawn by a fixed key, so that a run has one report. A part that cannot be drawn is left out with its reason: a trained run is not to fail by
 * a picture.
 */
export async function neighbourReport(options: NeighbourReportOptions): Promise<DrawnReport> {
  const { trained, loss, data, predictions, methods } = options;
  const { catalogue, backend } = trained;
  const key = Key.fromSeed(0).fold("report");
  const comparison = comparisonOf(catalogue, loss);
  const given = (predictions.embeddings ?? predictions.logits ?? predictions.posteriors)!;
  const before = featureSpace(catalogue, options.before, data, "the report");
  const after = learnedSpace(nameOf(comparison.divergence), trained, loss, { embeddings: given });
  const embeddings = matrixOf(given);
  const known = knownRelations(data);
  const pairs = known && choosePairs(known, data.features.shape[0]!, key.fold("pairs"));
  const sides = { before: `features by ${before.name}`, after: `embeddings by ${after.name}` };
  const omitted: string[] = [];
  const attempt = async <T>(what: string, draw: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await draw();
    } catch (error) {
      if (!isSemblanceError(error)) throw error;
      omitted.push(`the report leaves out ${what}: ${error.message}`);
      return undefined;
    }
  };
  const views = await attempt("the projections", () => drawViews({ before, after, known, pairs, methods, key }));
  const distances =
    pairs &&
    pairs.same.length > 0 &&
    (await attempt("the distances of pairs", async () => [
      { ...(await drawDistances(before, pairs, trained)), name: `Before: ${sides.before}` },
      { ...(await drawDistances(after, pairs, trained)), name: `After: ${sides.after}` },
    ]));
  const sheets =
    known &&
    (await attempt("what queries retrieve", () =>
      drawSheets({ before, after, known, data, catalogue, backend, key: key.fold("sheets") }),
    ));
  const functions = await attempt("level sets", () =>
    drawFunctions({ trained, comparison, data, embeddings, known, key: key.fold("functions") }),
  );
  return {
    neighbours: {
      sides,
      ...(views
        ? {
            views,
            viewsNote: viewsNote(
              views.map(({ classes }) => classes.length),
              data,
              methods,
            ),
          }
        : {}),
      ...(distances && pairs ? { distances, distancesNote: pairs.note } : {}),
      ...(sheets ? { sheets: sheets.sheets, sheetsNote: sheets.note } : {}),
      ...functions,
    },
    omitted,
  };
}

const nameOf = (divergence: string | { readonly name: string }) =>
  typeof divergence === "string" ? divergence : divergence.name;

function viewsNote(drawn: readonly number[], data: Dataset, methods: readonly PlaneMethod[]): string {
  const all = data.features.shape[0]!;
  return [
    drawn.some((count) => count < all) ? `Drawn are rows chosen at random among ${all.toLocaleString("en")}.` : "",
    "All methods look at Euclidean distances, of the embeddings too.",
    methods.length === 1 ? "For t-SNE and UMAP: semblance report RUN --projections pca,t-sne,umap." : "",
  ]
    .filter((part) => part !== "")
    .join(" ");
}
