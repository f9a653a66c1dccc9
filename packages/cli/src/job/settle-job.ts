import { type Catalogue, type Dataset, jsonSchemaOf } from "@semblance/core";
import type { Component, Job } from "./job-schema.js";

/** Every pair of rows is looked at by the silhouette, so that beyond this it is no longer free. */
const SILHOUETTE_ROWS = 5000;

/** A job whose defaults no longer depend on the data. */
export interface SettledJob extends Job {
  readonly evaluate: { readonly measures: readonly Component[]; readonly every: number };
}

/**
 * Fills in what only the data can tell: the number of clusters where labels count the classes, and the measures that suit data with
 * or without labels.
 */
export function settleJob(job: Job, catalogue: Catalogue, data: Dataset): SettledJob {
  const takesClusters = "clusters" in (jsonSchemaOf(catalogue.get("loss", job.loss.name).config).properties ?? {});
  const classes = data.labels?.names.length;
  const countClasses = takesClusters && job.loss.clusters === undefined && classes !== undefined;
  const loss = countClasses ? completed(catalogue, "loss", { ...job.loss, clusters: classes }) : job.loss;
  const measures = job.evaluate.measures ?? defaultMeasures(catalogue, data);
  return { ...job, loss, evaluate: { ...job.evaluate, measures } };
}

function defaultMeasures(catalogue: Catalogue, data: Dataset): Component[] {
  const labelled = ["ari", "nmi", "accuracy", "used-clusters"];
  const unlabelled =
    (data.features.shape[0] ?? 0) <= SILHOUETTE_ROWS ? ["silhouette", "used-clusters"] : ["used-clusters"];
  return (data.labels ? labelled : unlabelled).map((name) => completed(catalogue, "measure", { name }));
}

/** A component with its keys in the order of its schema, as resolving it again would give them. */
function completed(catalogue: Catalogue, kind: "loss" | "measure", component: Component): Component {
  return { name: component.name, ...(catalogue.choose(kind, component).config as Record<string, unknown>) };
}
