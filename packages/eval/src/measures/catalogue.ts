import type { Measure } from "@semblance/core";
import { accuracyMeasure } from "./accuracy.js";
import { amiMeasure } from "./ami.js";
import { ariMeasure } from "./ari.js";
import { entropyMeasure } from "./entropy.js";
import { knnAccuracyMeasure } from "./knn-accuracy.js";
import { mapAtRMeasure } from "./map-at-r.js";
import { nmiMeasure } from "./nmi.js";
import { pairwiseF1Measure } from "./pairwise-f1.js";
import { precisionAt1Measure } from "./precision-at-1.js";
import { purityMeasure } from "./purity.js";
import { rPrecisionMeasure } from "./r-precision.js";
import { randIndexMeasure } from "./rand-index.js";
import { recallAtKMeasure } from "./recall-at-k.js";
import { silhouetteMeasure } from "./silhouette.js";
import { usedClustersMeasure } from "./used-clusters.js";

/** Every measure of this package, in the order in which a table of scores reads best. */
export const measures: readonly Measure[] = [
  randIndexMeasure,
  ariMeasure,
  nmiMeasure,
  amiMeasure,
  accuracyMeasure,
  pairwiseF1Measure,
  purityMeasure,
  silhouetteMeasure,
  usedClustersMeasure,
  entropyMeasure,
  recallAtKMeasure,
  precisionAt1Measure,
  rPrecisionMeasure,
  mapAtRMeasure,
  knnAccuracyMeasure,
];
