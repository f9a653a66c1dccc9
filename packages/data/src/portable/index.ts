export type { Standardiser } from "../datasets/column-statistics.js";
export { commonStandardiser } from "../datasets/common-standardiser.js";
export { withoutEmptyClasses } from "../datasets/part-of-rows.js";
export type { Fitted } from "../datasets/prepare.js";
export { unitsDiffer } from "../datasets/units-differ.js";
export { type GaussianMixture, gaussianMixture } from "../generators/gaussian-mixture.js";
export { type StudentMixture, studentMixture } from "../generators/student-mixture.js";
export { type TwoMoons, twoMoons } from "../generators/two-moons.js";
export { type NPairConfig, nPair } from "../samplers/n-pair.js";
export { type PairsConfig, pairs } from "../samplers/pairs.js";
export { type PerClassConfig, perClass } from "../samplers/per-class.js";
export type { SamplerState } from "../samplers/position.js";
export {
  type ShuffleConfig,
  type ShuffleOptions,
  ShuffleSampler,
  shuffle,
} from "../samplers/shuffle.js";
export { type TripletsConfig, triplets } from "../samplers/triplets.js";
export { type ArrayPreparation, type PreparedArray, prepareArray } from "./prepare-array.js";
export { samplersPlugin } from "./samplers-plugin.js";
