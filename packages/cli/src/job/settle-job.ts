import { type Catalogue, type Dataset, jsonSchemaOf } from "@semblance/core";
import type { Component, Job } from "./job-schema.js";
import { settleMetric } from "./settle-metric.js";

/** Every pair of rows is looked at by the silhouette, so that beyond this it is no longer free. */
const SILHOUETTE_ROWS = 5000;

/** A job whose defaults no longer depend on the data. */
export interface SettledJob extends Job {
  readonly sampler: Component;
  readonly evaluate: { readonly measures: readonly Component[]; readonly every: number };
}

/**
 * Fills in what only the data can tell: the number of clusters where labels count the classes, and the measures that suit data with
 * or without labels.
 */
export function settleJob(given: Job, catalogue: Catalogue, data: Dataset): SettledJob {
  const job = withSampler(given, catalogue, data);
  const takesClusters = "clusters" in (jsonSchemaOf(catalogue.get("loss", job.loss.name).config).properties ?? {});
  const classes = data.labels?.names.length;
  const countClasses = takesClusters && job.loss.clusters === undefined && classes !== undefined;
  const loss = countClasses ? completed(catalogue, "loss", { ...job.loss, clusters: classes }) : job.loss;
  const measures = job.evaluate.measures ?? defaultMeasures(job, catalogue, data);
  return { ...job, loss, evaluate: { ...job.evaluate, measures } };
}

function withSampler(job: Job, catalogue: Catalogue, data: Dataset): Job & Pick<SettledJob, "sampler"> {
  if (job.task === "metric") return { ...job, ...settleMetric(job, catalogue, data) };
  return { ...job, sampler: job.sampler! };
}

function defaultMeasures(job: Job, catalogue: Catalogue, data: Dataset): Component[] {
  if (job.task === "metric") return data.labels ? measuresOfEmbeddings(catalogue) : [];
  const labelled = ["ari", "nmi", "accuracy", "used-clusters"];
  const unlabelled =
    (data.features.shape[0] ?? 0) <= SILHOUETTE_ROWS ? ["silhouette", "used-clusters"] : ["used-clusters"];
  return (data.labels ? labelled : unlabelled).map((name) => completed(catalogue, "measure", { name }));
}

/** Neighbours and clusters of embeddings. */
function measuresOfEmbeddings(catalogue: Catalogue): Component[] {
  const names = ["recall-at-k", "r-precision", "map-at-r", "knn-accuracy", "nmi", "pairwise-f1"];
  return names.map((name) => completed(catalogue, "measure", { name }));
}

/** A component with its keys in the order of its schema, as resolving it again would give them. */
function completed(catalogue: Catalogue, kind: "loss" | "measure", component: Component): Component {
  return { name: component.name, ...(catalogue.choose(kind, component).config as Record<string, unknown>) };
}
