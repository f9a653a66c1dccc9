import type { DataSplits } from "./dataset.js";
import type { Entry } from "./entry.js";

/** A data set that can be had by name (`builtin:NAME`). */
export interface DatasetEntry extends Entry<Record<string, never>> {
  readonly kind: "dataset";
  load(): Promise<DataSplits>;
}

export function defineDataset(dataset: Omit<DatasetEntry, "kind">): DatasetEntry {
  return { kind: "dataset", ...dataset };
}
