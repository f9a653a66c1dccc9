export { type Assignments, assignmentsOf } from "./assignments.js";
export { canonicalJson } from "./canonical-json.js";
export { type ClusterDefaults, clusterDefaults, lossDefaults } from "./cluster-defaults.js";
export type { Description } from "./description.js";
export { type ExportedModel, type ExportModelOptions, exportModel, type OnnxWriter } from "./export-model.js";
export type { FitOptions } from "./fit-clustering.js";
export type { History } from "./fit-learner.js";
export type { Linear } from "./fold-preparation.js";
export { GeminiClustering, type LoadOptions } from "./gemini-clustering.js";
export { type Learned, learnedFrom, learnedNotes, trainedModel } from "./learned.js";
export { checkLabels } from "./metric/check-labels.js";
export { checkPairs } from "./metric/check-pairs.js";
export { embeddingFor } from "./metric/choose-embedding.js";
export { Comparer, type ComparerOptions, type NeighbourSearch, type Neighbours } from "./metric/comparer.js";
export { type Comparison, comparisonOf } from "./metric/comparison.js";
export type { FitMetricOptions } from "./metric/fit-metric.js";
export {
  defaultOtherPairs,
  type MetricDefaults,
  type MetricFacts,
  metricDefaults,
  metricLoss,
  type SupervisionForm,
} from "./metric/metric-defaults.js";
export type { MetricLearningOptions } from "./metric/options.js";
export { type BestSetting, type ScoredSetting, selectBest } from "./metric/select-best.js";
export type { KnownOfRows } from "./metric/supervise.js";
export { unitRows } from "./metric/unit-rows.js";
export { areaUnderCurve } from "./metric/validation/area-under-curve.js";
export { type HeldOutRows, holdOutRows } from "./metric/validation/hold-out-rows.js";
export { type EpochScoring, scoreEpochs } from "./metric/validation/score-epochs.js";
export {
  type SettledValidation,
  type ValidationOptions,
  validationKeys,
} from "./metric/validation/validation-options.js";
export { defaultWarmUp, WARM_UP_LOSS, type WarmUpFacts } from "./metric/warm-up.js";
export { type LoadMetricOptions, MetricLearning, type NeighbourOptions } from "./metric-learning.js";
export type { GeminiClusteringOptions } from "./options.js";
export type { Affinity, Rows } from "./rows.js";
export { predictRows, type TrainedModel, weightsFor } from "./trained-model.js";
export { VERSION } from "./version.js";
