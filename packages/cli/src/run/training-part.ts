import type { Dataset } from "@semblance/core";

/**
 * What a job learns from: pairs, triplets or several labels where some are given, and labels elsewhere. Labels beside pairs are there to score
 * by.
 */
export function trainingPart(data: Dataset): Dataset {
  if (!data.supervision || !data.labels) return data;
  const { labels: _, ...rest } = data;
  return rest;
}
