import { join } from "node:path";
import { writeFileAtomically } from "@semblance/core/node";
import type { LoadedDataset } from "@semblance/data";
import type { TrainedModel } from "@semblance/estimators";
import type { PlaneMethod } from "@semblance/eval";
import { settleJob } from "../job/settle-job.js";
import { environmentOf } from "./environment.js";
import { comparable, type RunOutcome, reportRun } from "./finish-run.js";
import type { OpenRun } from "./open-run.js";

export interface ReportAgain {
  readonly loaded: LoadedDataset;
  /** What is to be said before what the run itself warned of. */
  readonly warnings?: readonly string[];
  readonly projections?: readonly PlaneMethod[];
}

/** Scores a run that is there already and writes its `report.html`, from its folder and its data. */
export async function reportAgain(
  run: OpenRun,
  trained: TrainedModel,
  { loaded, warnings = [], projections }: ReportAgain,
): Promise<RunOutcome> {
  const { job, catalogue, folder } = run.resolved;
  const { splits } = loaded;
  const settled = settleJob(job, catalogue, splits.train);
  return await reportRun({
    job: settled,
    trained,
    learned: run.learned,
    splits,
    environment: run.environment ?? environmentOf(trained.backend, folder),
    warnings: [...warnings, ...(run.environment?.warnings ?? loaded.warnings)],
    store: { path: run.path, write: (name, bytes) => writeFileAtomically(join(run.path, name), bytes) },
    compare: comparable(settled, run.learned),
    ...(projections ? { projections } : {}),
  });
}
