export { type Builtin, builtins } from "./builtins/builtins.js";
export { dataPlugin } from "./data-plugin.js";
export type { Standardiser } from "./datasets/column-statistics.js";
export { commonStandardiser } from "./datasets/common-standardiser.js";
export type { HoldOut } from "./datasets/hold-out.js";
export {
  type LoadedDataset,
  type LoadOptions,
  loadDataset,
  type SupervisionChoice,
} from "./datasets/load-dataset.js";
export type { Fitted } from "./datasets/prepare.js";
export { readAffinity } from "./datasets/read-affinity.js";
export { readRowPairs } from "./datasets/read-row-pairs.js";
export { readRowTriplets } from "./datasets/read-row-triplets.js";
export { readSamplePairs, type SamplePairs } from "./datasets/read-sample-pairs.js";
export { unitsDiffer } from "./datasets/units-differ.js";
export { writeCsv } from "./formats/csv-writer.js";
export { writeNpy } from "./formats/npy-writer.js";
export { type GaussianMixture, gaussianMixture } from "./generators/gaussian-mixture.js";
export { type StudentMixture, studentMixture } from "./generators/student-mixture.js";
export { type TwoMoons, twoMoons } from "./generators/two-moons.js";
export { type NPairConfig, nPair } from "./samplers/n-pair.js";
export { type PairsConfig, pairs } from "./samplers/pairs.js";
export { type PerClassConfig, perClass } from "./samplers/per-class.js";
export type { SamplerState } from "./samplers/position.js";
export {
  type ShuffleConfig,
  type ShuffleOptions,
  ShuffleSampler,
  shuffle,
} from "./samplers/shuffle.js";
export { type TripletsConfig, triplets } from "./samplers/triplets.js";
export { type Format, formats } from "./tables/formats.js";
export { readTable } from "./tables/read-table.js";
export type {
  ArrayTable,
  Column,
  ColumnTable,
  NumberColumn,
  Numbers,
  ReadOptions,
  Table,
  TextColumn,
} from "./tables/table.js";
export { tableOf, tableOfArray } from "./tables/table-of.js";
export { writeTable } from "./tables/write-table.js";
export { VERSION } from "./version.js";
