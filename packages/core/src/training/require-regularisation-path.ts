import { type Dataset, rowsOf } from "../contracts/dataset.js";
import { ConfigError, DataError } from "../errors.js";
import { comparisonOf } from "./affinity/comparison.js";
import { AFFINITY_LIMIT } from "./affinity/plan-affinity.js";
import type { Learner } from "./learner.js";
import type { RegularisationPathOptions } from "./regularisation-path.js";

/** What a path is asked to be, before there is a backend. */
export type PathRequest = Pick<
  RegularisationPathOptions,
  "learner" | "data" | "epochs" | "growth" | "patience" | "minimumFeatures" | "dynamic" | "affinityLimit"
>;

/**
 * Refuses what cannot be a regularisation path, before anything is trained.
 *
 * @throws ConfigError NOTHING_SELECTS, PATH_INVALID; DataError AFFINITY_TOO_LARGE
 */
export function requireRegularisationPath({ learner, growth = 1.05, ...options }: PathRequest): void {
  const selecting = learner.regularisers.filter(({ active }) => active.selected && active.proximal && active.penalty);
  if (selecting.length !== 1) {
    throw new ConfigError("NOTHING_SELECTS", `${selecting.length} of the learner's regularisers select features`, {
      where: "regularisation path",
      fix: 'Give exactly one that does, such as regularisers: ["group-lasso"], or "hierarchical-lasso" with model "sparse-mlp".',
    });
  }
  const wrong = [
    [growth > 1, "growth is a number above 1"],
    [selecting[0]!.weight > 0, "the path begins at the regulariser's weight, which is above 0"],
    [Number.isInteger(options.epochs) && options.epochs > 0, "epochs is a whole number from 1"],
    [(options.patience ?? 10) >= 1, "patience is a number from 1"],
    [(options.minimumFeatures ?? 2) >= 0, "minimumFeatures is a number from 0"],
    [!options.dynamic || comparesByFeatures(learner), `a dynamic path compares rows anew, ${whyNot(learner)}`],
  ].find(([fits]) => !fits);
  if (!wrong) {
    if (options.dynamic) requireRoom(options.data, options.affinityLimit);
    return;
  }
  throw new ConfigError("PATH_INVALID", String(wrong[1]), {
    where: "regularisation path",
    fix: "Correct the option, or leave it out for its default.",
  });
}

/** A dynamic path keeps the matrix of all rows: a batch that compares its rows by itself would do so by all features. */
function requireRoom(data: Dataset, limit = AFFINITY_LIMIT): void {
  const bytes = 4 * rowsOf(data) ** 2;
  if (bytes <= limit) return;
  throw new DataError(
    "AFFINITY_TOO_LARGE",
    `a dynamic path compares all ${rowsOf(data)} rows at once, which takes ${bytes} bytes, and the limit is ${limit}`,
    { where: data.name, fix: "Raise affinityLimit, take fewer rows, or leave dynamic out." },
  );
}

/** Whether what the loss compares rows by follows from their features. */
function comparesByFeatures(learner: Learner): boolean {
  const entry = comparisonOf(learner)?.entry;
  return entry !== undefined && (entry.matrix !== undefined || entry.table !== undefined);
}

function whyNot(learner: Learner): string {
  const comparison = comparisonOf(learner);
  return comparison
    ? `and ${comparison.kind} "${comparison.entry.name}" is a given matrix`
    : `and loss "${learner.loss.entry.name}" compares none`;
}
