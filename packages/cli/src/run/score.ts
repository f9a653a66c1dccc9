import {
  type Catalogue,
  ConfigError,
  type Dataset,
  isSemblanceError,
  type MeasureInputs,
  type NdArray,
  ndarray,
  rowsOf,
  sizeOf,
} from "@semblance/core";
import { canonicalJson } from "@semblance/estimators";
import type { Component } from "../job/job-schema.js";

/** One measure's value, or why it has none. */
export interface Score {
  /** The measure's name, with its keys where they are not the defaults. */
  readonly name: string;
  readonly value?: number;
  readonly reason?: string;
  /** What one has to know of the value, such as that its clusters are those of k-means. */
  readonly note?: string;
  readonly higherIsBetter: boolean;
}

export interface Scored {
  /** Clusters or classes, where there are some. */
  readonly predicted?: ArrayLike<number>;
  readonly posteriors?: NdArray;
  /** The model's embeddings; the features themselves without them. */
  readonly embeddings?: NdArray;
}

/** Judged where the data lie, not where the model put them: it would praise itself, and a baseline has no such space. */
const ON_FEATURES: readonly string[] = ["silhouette"];

/**
 * Scores predictions by measures. A measure that is not defined for them (a silhouette of one cluster) has a reason in the place of a
 * value; that is no fault of the run.
 */
export function score(
  catalogue: Catalogue,
  measures: readonly Component[],
  data: Dataset,
  { predicted, posteriors, embeddings }: Scored,
): Score[] {
  const features = matrixOf(data.features);
  const labels = data.labels?.indices;
  return measures.map((measure) => {
    const { entry, config } = catalogue.choose("measure", measure, "measure");
    const inputs: MeasureInputs = {
      ...(labels ? { truth: labels, labels } : {}),
      ...(predicted ? { predicted } : {}),
      ...(posteriors ? { posteriors } : {}),
      embeddings: ON_FEATURES.includes(entry.name) ? features : matrixOf(embeddings ?? features),
    };
    const { higherIsBetter } = entry;
    const name = measureLabel(catalogue, measure);
    try {
      return { name, value: entry.compute(inputs, config), higherIsBetter };
    } catch (error) {
      if (isSemblanceError(error)) return { name, reason: error.message, higherIsBetter };
      throw error;
    }
  });
}

/**
 * Refuses measures that were asked for and cannot be had on this data.
 *
 * @throws ConfigError LABELS_MISSING
 */
export function requireScorable(catalogue: Catalogue, measures: readonly Component[], data: Dataset): void {
  if (data.labels) return;
  for (const measure of measures) {
    const { entry } = catalogue.choose("measure", measure, "measure");
    const needsLabels =
      entry.needs === "partition" || (entry.needs === "embeddings" && !ON_FEATURES.includes(entry.name));
    if (!needsLabels) continue;
    throw new ConfigError("LABELS_MISSING", `measure "${entry.name}" compares with labels, and ${data.name} has none`, {
      where: `measure "${entry.name}" on ${data.name}`,
      fix: "Name the labels (--labels COLUMN|FILE, data.labels), or choose silhouette, used-clusters or entropy.",
    });
  }
}

/** `recall-at-k(k: 4)`: the name with the keys that differ from their defaults. */
export function measureLabel(catalogue: Catalogue, { name, ...keys }: Component): string {
  const defaults = catalogue.choose("measure", name).config as Record<string, unknown>;
  const own = Object.entries(keys).filter(([key, value]) => canonicalJson(value) !== canonicalJson(defaults[key]));
  return own.length === 0
    ? name
    : `${name}(${own.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ")})`;
}

/** [n, …item] as [n, d]. */
export function matrixOf(array: NdArray): NdArray {
  const [rows = 0, ...item] = array.shape;
  return item.length === 1 ? array : ndarray(array.dtype, [rows, sizeOf(item)], array.data);
}

export const scoresAsRecord = (scores: readonly Score[]): Record<string, number> =>
  Object.fromEntries(scores.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));

export const describeRows = (data: Dataset) => `${rowsOf(data).toLocaleString("en")} rows`;
