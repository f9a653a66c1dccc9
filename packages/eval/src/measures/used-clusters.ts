import { defineMeasure } from "@semblance/core";
import { z } from "zod";
import { assignmentOf, groupsOf } from "../partitions/labels.js";

/**
 * The number of clusters that hold at least one row. A collapsed run shows here before anywhere else.
 *
 * Errors   LABEL_NOT_INTEGER
 */
export function usedClusters(predicted: ArrayLike<number>): number {
  return groupsOf("predicted", predicted).names.length;
}

export const usedClustersMeasure = defineMeasure({
  name: "used-clusters",
  summary: "Number of clusters that hold at least one row.",
  formula: "|{arg max_k p(k | x_i) : i}|, the first cluster on ties",
  source: "Definition",
  config: z.strictObject({}),
  needs: "predictions",
  higherIsBetter: true,
  compute: (inputs) => usedClusters(assignmentOf("used-clusters", inputs)),
});
