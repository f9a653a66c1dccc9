import type { MeasureInputs } from "@semblance/core";
import type { DistanceName } from "../distances/row-distance.js";
import { nothingToRetrieve } from "../errors.js";
import { forEachNeighbourhood, relevantCount, retrievalProblem } from "./retrieval-problem.js";

/**
 * The mean of a score over the queries with R_q > 0. `relevance[r]` says whether the r-th of the first R_q neighbours is of the
 * query's class; it is shorter than R_q never, since the R_q rows are in the gallery.
 *
 * @throws DataError NOTHING_TO_RETRIEVE when every query is alone with its label.
 */
export function meanOverAnswerable(
  measure: string,
  inputs: MeasureInputs,
  distance: DistanceName,
  score: (relevance: readonly boolean[]) => number,
): number {
  const problem = retrievalProblem(measure, inputs);
  let total = 0;
  let answerable = 0;
  forEachNeighbourhood(
    problem,
    distance,
    (query) => relevantCount(problem, query),
    (query, neighbours) => {
      if (neighbours.length === 0) return;
      answerable++;
      total += score(Array.from(neighbours, (index) => problem.galleryLabels[index] === problem.labels[query]));
    },
  );
  if (answerable === 0) throw nothingToRetrieve(measure);
  return total / answerable;
}
