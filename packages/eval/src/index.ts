export { DISTANCES, type DistanceName } from "./distances/row-distance.js";
export { evalPlugin } from "./eval-plugin.js";
export { type KMeansOptions, type KMeansResult, kMeans } from "./k-means/k-means.js";
export { predictClusters } from "./k-means/predict-clusters.js";
export { clusteringAccuracy } from "./measures/accuracy.js";
export { adjustedMutualInformation } from "./measures/ami.js";
export { adjustedRandIndex } from "./measures/ari.js";
export { measures } from "./measures/catalogue.js";
export { completeness } from "./measures/completeness.js";
export { assignmentEntropy, type EntropyOf, renyiEntropy } from "./measures/entropy.js";
export { fowlkesMallows } from "./measures/fowlkes-mallows.js";
export { homogeneity } from "./measures/homogeneity.js";
export { knnAccuracy } from "./measures/knn-accuracy.js";
export { mapAtR } from "./measures/map-at-r.js";
export { type NmiAverage, normalisedMutualInformation } from "./measures/nmi.js";
export { pairwiseF1 } from "./measures/pairwise-f1.js";
export { precisionAt1 } from "./measures/precision-at-1.js";
export { purity } from "./measures/purity.js";
export { rPrecision } from "./measures/r-precision.js";
export { randIndex } from "./measures/rand-index.js";
export { type RetrievalOptions, recallAtK } from "./measures/recall-at-k.js";
export { silhouetteSamples, silhouetteScore } from "./measures/silhouette.js";
export { usedClusters } from "./measures/used-clusters.js";
export { type ConfusionMatrix, confusionMatrix } from "./partitions/confusion-matrix.js";
export { argMaxRows } from "./partitions/labels.js";
export { decisionRegions } from "./pictures/decision-regions.js";
export { type EntropyPicture, entropyMap } from "./pictures/entropy-map.js";
export { evaluateLevelSets, type LevelSets, type LevelSetsOptions, levelSets } from "./pictures/level-sets.js";
export type { PlanePicture } from "./pictures/plane-picture.js";
export { type PrincipalComponents, principalComponents } from "./projections/principal-components.js";
export {
  PLANE_METHODS,
  type PlaneMethod,
  type PlaneProjection,
  projectToPlane,
} from "./projections/project-to-plane.js";
export { renderReport } from "./report/render-report.js";
export type {
  Baseline,
  ClusterRow,
  ConfusionTable,
  Explanation,
  FoundItem,
  FunctionCurves,
  GreyPicture,
  LossPoint,
  NeighbourReport,
  PlaneLink,
  PlanePoints,
  PlaneView,
  Projection,
  ReportInput,
  RetrievalSheet,
  ScoreCurves,
  SheetItem,
  SummaryItem,
  WorstCase,
} from "./report/report-input.js";
export {
  type EvaluateRetrievalOptions,
  evaluateRetrieval,
  type RetrievalScore,
} from "./retrieval/evaluate-retrieval.js";
export {
  type NearestRows,
  type NearestRowsOptions,
  nearestRows,
  type RowSearchOptions,
} from "./retrieval/nearest-rows.js";
export { type SamplePairDistancesOptions, samplePairDistances } from "./retrieval/sample-pair-distances.js";
export type { NeighbourWeights } from "./retrieval/score-query.js";
export {
  type BootstrapOptions,
  bootstrap,
  type Interval,
  type PairedInterval,
  pairedBootstrap,
} from "./statistics/bootstrap.js";
export { bestThreshold, type PairDistances, type PairThreshold } from "./statistics/pair-distances.js";
