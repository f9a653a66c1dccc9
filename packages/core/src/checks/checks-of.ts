import type { Catalogue } from "../container/catalogue.js";
import type { BackendEntry } from "../contracts/backend-entry.js";
import type { DatasetEntry } from "../contracts/dataset-entry.js";
import type { Distance } from "../contracts/distance.js";
import type { Divergence } from "../contracts/divergence.js";
import type { Entry } from "../contracts/entry.js";
import type { Kernel } from "../contracts/kernel.js";
import type { Loss } from "../contracts/loss.js";
import type { Measure } from "../contracts/measure.js";
import type { Miner } from "../contracts/miner.js";
import type { Model } from "../contracts/model.js";
import type { Optimizer } from "../contracts/optimizer.js";
import type { Regulariser } from "../contracts/regulariser.js";
import type { Sampler } from "../contracts/sampler.js";
import type { Schedule } from "../contracts/schedule.js";
import type { TransportSolver } from "../contracts/transport-solver.js";
import { backendChecks } from "./backend-checks.js";
import type { Check } from "./check.js";
import { datasetChecks } from "./dataset-checks.js";
import { distanceChecks } from "./distance-checks.js";
import { divergenceChecks } from "./divergence-checks.js";
import { entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";
import { kernelChecks } from "./kernel-checks.js";
import { lossChecks } from "./loss-checks.js";
import { measureChecks } from "./measure-checks.js";
import { minerChecks } from "./miner-checks.js";
import { modelChecks } from "./model-checks.js";
import type { NamedBackends } from "./named-backends.js";
import { optimizerChecks } from "./optimizer-checks.js";
import { regulariserChecks } from "./regulariser-checks.js";
import { samplerChecks } from "./sampler-checks.js";
import { scheduleChecks } from "./schedule-checks.js";
import { transportChecks } from "./transport-checks.js";

export interface EntryCheckOptions {
  /** Where components that a configuration names are looked up. */
  readonly catalogue: Catalogue;
  readonly backends?: NamedBackends;
}

/** The checks of an entry by its kind. */
export function checksOf(entry: Entry, options: EntryCheckOptions): Check[] {
  switch (entry.kind) {
    case "loss":
      return lossChecks(entry as Loss, options);
    case "model":
      return modelChecks(entry as Model, options);
    case "sampler":
      return samplerChecks(entry as Sampler);
    case "kernel":
      return kernelChecks(entry as Kernel, options);
    case "distance":
      return distanceChecks(entry as Distance, options);
    case "optimizer":
      return optimizerChecks(entry as Optimizer, options);
    case "regulariser":
      return regulariserChecks(entry as Regulariser, options);
    case "schedule":
      return scheduleChecks(entry as Schedule);
    case "measure":
      return measureChecks(entry as Measure);
    case "dataset":
      return datasetChecks(entry as DatasetEntry);
    case "backend":
      return backendEntryChecks(entry as BackendEntry);
    case "optimal-transport":
      return transportChecks(entry as TransportSolver);
    case "divergence":
      return divergenceChecks(entry as Divergence, options);
    case "miner":
      return minerChecks(entry as Miner, options);
    default:
      return entry.kind satisfies never;
  }
}

/** The whole backend suite for each example, its groups marked with the backend's name. */
function backendEntryChecks(entry: BackendEntry): Check[] {
  const group = groupOf(entry);
  const suites = examplesOf(entry).flatMap((example) =>
    backendChecks(() => entry.create(settled(entry, example))).map((check) => ({
      ...check,
      group: `${group}, ${check.group}`,
    })),
  );
  return [...entryChecks(entry), ...suites];
}
