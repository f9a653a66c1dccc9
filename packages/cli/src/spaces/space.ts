import {
  type Arrays,
  type Catalogue,
  type ComponentReference,
  type Dataset,
  type DivergenceOrder,
  divergenceWeights,
  type NdArray,
  type Predictions,
} from "@semblance/core";
import { comparisonOf, type TrainedModel, unitRows } from "@semblance/estimators";
import type { Component } from "../job/job-schema.js";
import { matrixOf } from "../run/score.js";
import { withoutEmbeddings } from "./space-errors.js";

/** Rows somewhere, and what compares them there. */
export interface Space {
  /** What tables call it, such as "cosine" or "tuned". */
  readonly name: string;
  /** [n, d] */
  readonly rows: NdArray;
  readonly divergence: ComponentReference;
  /** What the divergence has learned. */
  readonly parameters: Arrays;
  /** Which argument of the divergence a query is. */
  readonly order: DivergenceOrder;
  /** What a user should know of it. */
  readonly warnings: readonly string[];
}

/** The embeddings of a trained model, compared as its loss compared them. */
export function learnedSpace(
  name: string,
  { catalogue, model, state }: TrainedModel,
  loss: Component,
  { embeddings }: Predictions,
): Space {
  if (!embeddings) throw withoutEmbeddings(model.model.entry.name);
  const { divergence, normalise, order } = comparisonOf(catalogue, loss);
  const rows = matrixOf(embeddings);
  return {
    name,
    rows: normalise ? unitRows(rows) : rows,
    divergence,
    parameters: divergenceWeights(state),
    order,
    warnings: [],
  };
}

/** Rows as they are in the data, compared by a divergence of the user's choice. @throws ConfigError NAME_UNKNOWN */
export function featureSpace(catalogue: Catalogue, divergence: string, data: Dataset, where: string): Space {
  const { entry } = catalogue.choose("divergence", divergence, where);
  const rows = matrixOf(data.features);
  return {
    name: divergence,
    // Only directions count: clusters are then those of directions too.
    rows: entry.scaleInvariant ? unitRows(rows) : rows,
    divergence,
    parameters: {},
    order: "anchor-first",
    warnings: entry.scaleInvariant ? zeroRows(rows, data.name, divergence) : [],
  };
}

/** A row of zeros has no direction: where only directions count, it is as far from every other. */
export function zeroRows({ shape, data }: NdArray, name: string, divergence: string): string[] {
  const [rows = 0, width = 0] = shape;
  let zeros = 0;
  for (let row = 0; row < rows; row++)
    if (data.subarray(row * width, (row + 1) * width).every((value) => value === 0)) zeros++;
  if (zeros === 0) return [];
  return [
    `${zeros.toLocaleString("en")} of ${rows.toLocaleString("en")} rows of ${name} are all zeros: by ${divergence} they are as far from every row`,
  ];
}
