export {
  type ArrayOf,
  allocate,
  convert,
  DTYPES,
  type DType,
  dtypeOf,
  type FloatDType,
  holds,
  isFloat,
  type TypedArray,
} from "./arrays/dtype.js";
export {
  type NdArray,
  ndarray,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
  stridesOf,
  takeRows,
  zerosArray,
} from "./arrays/nd-array.js";
export { repeatedKey } from "./arrays/repeated-key.js";
export { decodeSafetensors, encodeSafetensors, type SafetensorsContent } from "./arrays/safetensors.js";
export { bindDistance, bindKernel, type SettledAffinity } from "./container/bind-affinity.js";
export { bindDivergence } from "./container/bind-divergence.js";
export { bindMiner } from "./container/bind-miner.js";
export { buildContext } from "./container/build-context.js";
export { Catalogue, type Chosen, type EntryOf } from "./container/catalogue.js";
export { createCatalogue, createContainer } from "./container/create-catalogue.js";
export { inject, injectAll, injectable, Lifecycle } from "./container/decorators.js";
export { nearNames, suggest } from "./container/near-names.js";
export { jsonSchemaOf, parseConfig } from "./container/parse-config.js";
export { BACKEND, CATALOGUE, ENTRY } from "./container/tokens.js";
export type { Arrays, Backend, CompiledGraph, Device, Executable } from "./contracts/backend.js";
export { type BackendEntry, defineBackend } from "./contracts/backend-entry.js";
export { componentReference } from "./contracts/component-reference.js";
export { type DataSplits, type Dataset, type Labels, rowsOf } from "./contracts/dataset.js";
export { type DatasetEntry, defineDataset } from "./contracts/dataset-entry.js";
export type { DeviceReport } from "./contracts/device-report.js";
export { type Distance, defineDistance } from "./contracts/distance.js";
export {
  type ArgumentDomain,
  type Divergence,
  type DivergenceContext,
  type DivergenceFacts,
  defineDivergence,
  type PointSets,
} from "./contracts/divergence.js";
export { type ComponentReference, type Entry, KINDS, type Kind } from "./contracts/entry.js";
export { groupsOf } from "./contracts/groups.js";
export { defineKernel, type Kernel, type SettledConfig } from "./contracts/kernel.js";
export {
  type AffinityReference,
  type BatchFacts,
  type BoundDistance,
  type BoundDivergence,
  type BoundKernel,
  type BoundMiner,
  type BuildContext,
  type Draw,
  defineLoss,
  type Loss,
  type LossFacts,
  type LossInput,
  type ShardRule,
} from "./contracts/loss.js";
export {
  type InputDomain,
  LOSS_LAWS,
  type LossLaw,
  type LossLawName,
  type LossLawSubject,
  type LossLawValue,
} from "./contracts/loss-law.js";
export { defineMeasure, type Measure, type MeasureInputs, type MeasureNeeds } from "./contracts/measure.js";
export {
  DIVERGENCE_ORDERS,
  type DivergenceOrder,
  defineMiner,
  type GapRange,
  type Miner,
  type MinerComparison,
  type MiningBatch,
} from "./contracts/miner.js";
export {
  defineModel,
  EMBEDDING_ACTIVATIONS,
  type EmbeddingActivation,
  type Model,
  type ModelContext,
  type ModelOutputs,
  type ModelShape,
  type RowRelations,
} from "./contracts/model.js";
export { defineOptimizer, type Optimizer, type UpdateContext } from "./contracts/optimizer.js";
export type { PairNumbers, PairTable } from "./contracts/pair-table.js";
export type { ParameterArrays, ParameterTensors } from "./contracts/parameters.js";
export { definePlugin, type Plugin, type Registry } from "./contracts/plugin.js";
export {
  type ActiveRegulariser,
  defineRegulariser,
  type Regulariser,
  type RegulariserFacts,
  type RegulariserFeeds,
  type RegulariserStep,
  type RegulariserTensors,
} from "./contracts/regulariser.js";
export {
  type BatchSampler,
  defineSampler,
  type SampledBatch,
  type Sampler,
  type SamplerCoverage,
  type SamplerOptions,
} from "./contracts/sampler.js";
export { defineSchedule, type Schedule } from "./contracts/schedule.js";
export {
  type MultiLabels,
  OTHER_PAIRS,
  type OtherPairs,
  type PairSupervision,
  type Relate,
  relationsOf,
  type Supervision,
  type TripletSupervision,
} from "./contracts/supervision.js";
export { defineTransportSolver, type TransportProblem, type TransportSolver } from "./contracts/transport-solver.js";
export {
  BackendError,
  BackendUnavailableError,
  CheckpointError,
  ConfigError,
  DataError,
  DivergedError,
  type ErrorDetails,
  GraphError,
  isSemblanceError,
  PluginError,
  SemblanceError,
  ShapeError,
} from "./errors.js";
export { type Case, parseCases } from "./evaluation/case.js";
export { type AffinityRequirement, requireAffinity } from "./evaluation/check-affinity.js";
export { requireDomain } from "./evaluation/check-domain.js";
export { checkLossInputs } from "./evaluation/check-loss-inputs.js";
export { type Comparison, compareCase } from "./evaluation/compare-case.js";
export { type CaseResult, EVALUABLE_KINDS, evaluateCase } from "./evaluation/evaluate-case.js";
export { type EvaluateDistanceOptions, evaluateDistance } from "./evaluation/evaluate-distance.js";
export {
  type DivergenceEvaluation,
  type DivergenceInputs,
  type EvaluateDivergenceOptions,
  evaluateDivergence,
} from "./evaluation/evaluate-divergence.js";
export { type EvaluateKernelOptions, evaluateKernel } from "./evaluation/evaluate-kernel.js";
export { type EvaluateLossOptions, evaluateLoss, type LossEvaluation } from "./evaluation/evaluate-loss.js";
export { type EvaluateMinerOptions, evaluateMiner, type MinedTuples } from "./evaluation/evaluate-miner.js";
export { type EvaluateTransportOptions, evaluateTransport } from "./evaluation/evaluate-transport.js";
export {
  type PosteriorsScore,
  requireSimplex,
  type ScorePosteriorsOptions,
  scorePosteriors,
} from "./evaluation/score-posteriors.js";
export { backendFromDevice } from "./execution/backend-from-device.js";
export { givingWay } from "./execution/giving-way.js";
export {
  type IndexRequirement,
  indexOutOfRange,
  indexRequirement,
  requireIndices,
} from "./execution/index-requirement.js";
export { absentDevice, reportBackend } from "./execution/report-backend.js";
export { type BatchNormalisationState, batchNormalisation } from "./functions/batch-normalisation.js";
export { clamp } from "./functions/clamp.js";
export { compareRows, type RowComparison } from "./functions/compare-rows.js";
export { eye, full, iota, onesLike, zerosLike } from "./functions/constants.js";
export { euclideanNorm } from "./functions/euclidean-norm.js";
export { layerNormalisation } from "./functions/layer-normalisation.js";
export { logSoftmax, logSumExp } from "./functions/log-sum-exp.js";
export { log1p } from "./functions/log1p.js";
export { matrixTranspose } from "./functions/matrix-transpose.js";
export { mean } from "./functions/mean.js";
export { normalise } from "./functions/normalise.js";
export { oneHot } from "./functions/one-hot.js";
export {
  pairwiseChebyshevDistances,
  pairwiseDifferences,
  pairwiseDistances,
  pairwiseInnerProducts,
  pairwiseManhattanDistances,
  pairwiseSquaredDistances,
} from "./functions/pairwise.js";
export { rootOrZero } from "./functions/root-or-zero.js";
export { softmax } from "./functions/softmax.js";
export { softplus } from "./functions/softplus.js";
export { square } from "./functions/square.js";
export { stack } from "./functions/stack.js";
export { sort, topK } from "./functions/top-k.js";
export { variance } from "./functions/variance.js";
export { xLogY } from "./functions/x-log-y.js";
export {
  type ConvolutionGeometry,
  type ConvolutionOptions,
  convolutionGeometry,
  convolvedShape,
  type WindowGeometry,
  type WindowOptions,
  windowCount,
  windowGeometry,
} from "./ir/convolution.js";
export { type AnyOp, bind, defineOp, type Op, type OpRules, type Vjp, type VjpContext } from "./ir/define-op.js";
export { grad, gradients, vjp } from "./ir/grad.js";
export { defineHostOperator, type HostOperator, type HostVjpContext } from "./ir/host-operator.js";
export { optimise, type Pass, passes } from "./ir/passes/optimise.js";
export { type PoolAttributes, type PoolOptions, poolAttributes, pooled } from "./ir/pooling.js";
export { print } from "./ir/print.js";
export {
  type Carry,
  leavesOf,
  type Program,
  replaceResults,
  resultsOf,
  separateResults,
  spec,
  type TraceOptions,
  trace,
} from "./ir/program.js";
export { keepReduced, type ReductionAttributes, type ReductionOptions, reduction } from "./ir/reductions.js";
export { rewriteProgram, rewriteTensors, withInputs } from "./ir/rewrite.js";
export { cutIntoSteps, type DeviceStep, type Graph, type HostStep, type Step } from "./ir/segments.js";
export { Tensor, type TensorSpec, topologicalOrder } from "./ir/tensor.js";
export { verify } from "./ir/verify.js";
export { abs } from "./ops/abs.js";
export { add } from "./ops/add.js";
export { and } from "./ops/and.js";
export { argMax } from "./ops/arg-max.js";
export { argTopK } from "./ops/arg-top-k.js";
export { averagePool } from "./ops/average-pool.js";
export { cast } from "./ops/cast.js";
export { ceil } from "./ops/ceil.js";
export { concat } from "./ops/concat.js";
export { constant, scalar } from "./ops/constant.js";
export { conv } from "./ops/conv.js";
export { convFilterGradient } from "./ops/conv-filter-gradient.js";
export { convTranspose, convTransposeTo } from "./ops/conv-transpose.js";
export { cos } from "./ops/cos.js";
export { cumulativeSum } from "./ops/cumulative-sum.js";
export { div } from "./ops/div.js";
export { equal } from "./ops/equal.js";
export { erf } from "./ops/erf.js";
export { exp } from "./ops/exp.js";
export { expand } from "./ops/expand.js";
export { floor } from "./ops/floor.js";
export { gather, gatherDistinct } from "./ops/gather.js";
export { gatherElements } from "./ops/gather-elements.js";
export { greater } from "./ops/greater.js";
export { greaterOrEqual } from "./ops/greater-or-equal.js";
export { callHost } from "./ops/host-call.js";
export { identity } from "./ops/identity.js";
export { type AttributesOf, type OpName, ops } from "./ops/index.js";
export { isNaN } from "./ops/is-nan.js";
export { less } from "./ops/less.js";
export { lessOrEqual } from "./ops/less-or-equal.js";
export { log } from "./ops/log.js";
export { matmul } from "./ops/matmul.js";
export { max } from "./ops/max.js";
export { maxPool } from "./ops/max-pool.js";
export { maximum } from "./ops/maximum.js";
export { min } from "./ops/min.js";
export { minimum } from "./ops/minimum.js";
export { mul } from "./ops/mul.js";
export { neg } from "./ops/neg.js";
export { not } from "./ops/not.js";
export { or } from "./ops/or.js";
export { pad } from "./ops/pad.js";
export { pow } from "./ops/pow.js";
export { relu } from "./ops/relu.js";
export { reshape } from "./ops/reshape.js";
export { round } from "./ops/round.js";
export { scatterElements } from "./ops/scatter-elements.js";
export { sigmoid } from "./ops/sigmoid.js";
export { sign } from "./ops/sign.js";
export { sin } from "./ops/sin.js";
export { slice, sliceAxes } from "./ops/slice.js";
export { sqrt } from "./ops/sqrt.js";
export { stopGradient } from "./ops/stop-gradient.js";
export { sub } from "./ops/sub.js";
export { sum } from "./ops/sum.js";
export { tanh } from "./ops/tanh.js";
export { transpose } from "./ops/transpose.js";
export { where } from "./ops/where.js";
export { Key } from "./random/key.js";
export { RandomStream, type RandomStreamState } from "./random/stream.js";
export { evaluate } from "./reference/evaluate.js";
export { referenceBackend } from "./reference/reference-backend.js";
export {
  type PrepareAffinityOptions,
  type PreparedAffinity,
  prepareAffinity,
} from "./training/affinity/prepare-affinity.js";
export { applyModel, MODEL } from "./training/apply-model.js";
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./training/checkpoint.js";
export type { EmbeddingOptions } from "./training/choose-embedding.js";
export type { LearnerRegulariser, LearnerSupplier, RegulariserReference } from "./training/choose-regularisers.js";
export { divergenceWeights } from "./training/divergence-weights.js";
export type { FinishReason, TrainingEvent, TrainingListener, WarningCode } from "./training/events.js";
export { createLearner, type Learner, type LearnerOptions } from "./training/learner.js";
export { MONITORS } from "./training/monitors.js";
export { type AdamConfig, adam, adamKeys, adamScalars, adamStep } from "./training/optimizers/adam.js";
export { adamw } from "./training/optimizers/adamw.js";
export { rmsprop } from "./training/optimizers/rmsprop.js";
export { sgd } from "./training/optimizers/sgd.js";
export { type Predictions, Predictor, traceInference } from "./training/predictor.js";
export { type PreparedTraining, type PrepareTrainingOptions, prepareTraining } from "./training/prepare-training.js";
export {
  type KeptStage,
  type PathBatch,
  type PathStep,
  type RegularisationPath,
  type RegularisationPathOptions,
  regularisationPath,
} from "./training/regularisation-path.js";
export { type RegulariserFeedOptions, regulariserFeeds } from "./training/regulariser-step.js";
export { constraints } from "./training/regularisers/constraints.js";
export { entropy } from "./training/regularisers/entropy.js";
export { groupLasso } from "./training/regularisers/group-lasso.js";
export { hierarchicalLasso, hierarchicalProximal } from "./training/regularisers/hierarchical-lasso.js";
export { type Contradiction, contradictionOf, type SampleNames, sampleFinder } from "./training/regularisers/links.js";
export { vat } from "./training/regularisers/vat.js";
export { type PathRequest, requireRegularisationPath } from "./training/require-regularisation-path.js";
export type { RunStore } from "./training/run-store.js";
export { constantSchedule } from "./training/schedules/constant.js";
export { cosineSchedule } from "./training/schedules/cosine.js";
export { exponentialSchedule } from "./training/schedules/exponential.js";
export { stepSchedule } from "./training/schedules/step.js";
export type { ScoredEpoch, Validation } from "./training/select-epoch.js";
export { requireMainEpochs, type StageOptions } from "./training/stages.js";
export { type StepRequest, StepRunner, type StepRunnerOptions } from "./training/step-runner.js";
export { train } from "./training/train.js";
export type { EarlyStopping, TrainOptions, TrainResult } from "./training/train-options.js";
export {
  clipGlobalNorm,
  initialState,
  LOSS,
  scalarFeeds,
  type TrainStepOptions,
  traceTrainStep,
} from "./training/train-step.js";
export { type EpochWarning, type ShareSums, watchClusters } from "./training/watch-clusters.js";
export { VERSION } from "./version.js";
