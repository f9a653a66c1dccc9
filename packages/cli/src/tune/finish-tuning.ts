import { join } from "node:path";
import { ConfigError } from "@semblance/core";
import { writeFileAtomically } from "@semblance/core/node";
import type { LoadedDataset } from "@semblance/data";
import { comparisonOf } from "@semblance/estimators";
import { exportModel } from "../run/export-model.js";
import { openRun, trainedOf } from "../run/open-run.js";
import { readValidation } from "../run/read-metrics.js";
import { reportAgain } from "../run/report-again.js";
import { json } from "../run/run-job.js";
import type { ScoredBegins } from "./choose-begin.js";
import { scoreTuning } from "./score-tuning.js";
import { describeChoice, type Tuning, tuningDocument } from "./tuning.js";

export interface FinishTuning {
  /** K of recall@K. */
  readonly k: number;
  /** What was found in the data before training. */
  readonly warnings: readonly string[];
  /** What the head could have begun with. */
  readonly begins?: ScoredBegins | undefined;
}

/**
 * Scores a finished run on what was held out, beside the rows as they were, and writes `head.onnx` (network and divergence in one file), `tuning.json`
 * and `report.html`. The run is read from its folder: what is scored is what others will load.
 */
export async function finishTuning(
  folder: string,
  loaded: LoadedDataset,
  { k, warnings, begins }: FinishTuning,
): Promise<Tuning> {
  const run = await openRun(folder);
  const { job, catalogue } = run.resolved;
  const { test } = loaded.splits;
  if (!test) {
    throw new ConfigError("HOLD_OUT_MISSING", "nothing is held out, so that nothing can be scored", {
      where: "data.holdOut",
      fix: "Say what to hold out: --hold-out class, row or pair.",
    });
  }
  const trained = await trainedOf(run);
  try {
    const scored = await scoreTuning({ trained, loss: job.loss, data: test, k });
    const curve = await readValidation(folder);
    const chosen = curve && {
      measure: curve.measure,
      begins: begins?.scored ?? [],
      epochs: curve.scores,
      kept: curve.kept,
    };
    const said = chosen ? describeChoice(chosen, job.model) : [];
    const tuning = {
      ...scored,
      ...(chosen ? { chosen } : {}),
      warnings: [...warnings, ...scored.warnings, ...said],
    };
    const { bytes } = await exportModel(trained, job, run.learned, test, comparisonOf(catalogue, job.loss));
    await writeFileAtomically(join(folder, "head.onnx"), bytes);
    await writeFileAtomically(join(folder, "tuning.json"), json(tuningDocument(tuning)));
    await reportAgain(run, trained, { loaded });
    return tuning;
  } finally {
    await trained.backend.dispose();
  }
}
