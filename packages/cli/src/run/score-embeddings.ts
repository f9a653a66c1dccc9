import { type Catalogue, type Dataset, Key, type NdArray, type Predictions } from "@semblance/core";
import { kMeans } from "@semblance/eval";
import type { Component } from "../job/job-schema.js";
import { matrixOf, type Score, score } from "./score.js";
import { type ComparedBy, isByDivergence, scoreRetrieval } from "./score-retrieval.js";

/** What measures of clusters are of, whatever the embeddings are compared by otherwise. */
export const OF_CLUSTERS = "of k-means by Euclidean distance, with as many clusters as classes";

const RESTARTS = 5;
/** Rows × columns × clusters of one pass: a few seconds of k-means on one core. */
const WORK = 1e7;

/**
 * Scores embeddings: measures of neighbours under the divergence of the loss where it is given (of features there is none) and elsewhere in
 * their own distance, measures of clusters on k-means of the embeddings with as many clusters as the
 * scored rows have classes, from a fixed key.
 */
export async function scoreEmbeddings(
  catalogue: Catalogue,
  measures: readonly Component[],
  data: Dataset,
  embeddings: NdArray,
  by?: ComparedBy,
): Promise<Score[]> {
  const isOfClusters = ({ name }: Component) => {
    const { needs } = catalogue.get("measure", name);
    return needs === "partition" || needs === "predictions" || name === "silhouette";
  };
  const clusters = measures.some(isOfClusters) ? clustersOf(embeddings, data) : undefined;
  const { labels } = data;
  const learned = measures.filter((measure) => by && labels && isByDivergence(measure, by));
  const found =
    by && labels && learned.length > 0 ? await scoreRetrieval(learned, { embeddings, labels: labels.indices }, by) : [];
  const others = measures.filter((measure) => !learned.includes(measure));
  const rest = score(catalogue, others, data, { embeddings, ...(clusters ? { predicted: clusters } : {}) });
  return measures.map((measure) => {
    if (learned.includes(measure)) return found[learned.indexOf(measure)]!;
    const other = rest[others.indexOf(measure)]!;
    if (isOfClusters(measure) && !clusters) return { ...withoutValue(other), reason: whyNoClusters(data) };
    return isOfClusters(measure) && other.value !== undefined ? { ...other, note: OF_CLUSTERS } : other;
  });
}

const withoutValue = ({ name, higherIsBetter }: Score) => ({ name, higherIsBetter });

/** Why there is no k-means of them to judge. */
function whyNoClusters({ name, labels }: Dataset): string {
  const classes = labels ? new Set(labels.indices).size : 0;
  const given =
    classes === 1
      ? "all rows are of one class"
      : classes === 0
        ? `${name} has no labels`
        : "there are fewer rows than classes";
  return `needs clusters, as many as there are classes, and ${given}`;
}

/** The embeddings that a model gives, or its logits or posteriors where it has none, as a matrix. */
export function embeddingsOf({ embeddings, logits, posteriors }: Predictions): NdArray {
  return matrixOf((embeddings ?? logits ?? posteriors)!);
}

function clustersOf(embeddings: NdArray, { labels }: Dataset): Int32Array | undefined {
  const classes = labels ? new Set(labels.indices).size : 0;
  const [rows = 0, width = 0] = embeddings.shape;
  if (classes < 2 || rows < classes) return undefined;
  const restarts = Math.min(RESTARTS, 1 + Math.floor(WORK / (rows * width * classes)));
  return kMeans({ data: embeddings, clusters: classes, key: Key.fromSeed(0).fold("k-means"), restarts }).labels;
}
