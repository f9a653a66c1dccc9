import { predictRows } from "@semblance/estimators";
import { describeRows } from "../run/score.js";
import { compareSpaces } from "../spaces/compare-spaces.js";
import { spacesTable } from "../spaces/print-spaces.js";
import { scoreSpace } from "../spaces/score-space.js";
import { featureSpace, learnedSpace } from "../spaces/space.js";
import { kBeyondGallery, labelsNeeded } from "../spaces/space-errors.js";
import { DONE, FAILED } from "../terminal/exit-status.js";
import type { Context } from "./context.js";
import type { RunOnData } from "./use-run.js";

const USUAL_K = 8;

/**
 * Whether what a run has learned finds rows of a class better than some divergences of the rows as they are.
 *
 * @param names of divergences
 * @param k of recall@K; 8, or as many rows as there are beside a query
 * @returns the exit status: done where recall@1 is better than by each of them, its 95 % interval above 0; failed otherwise
 */
export async function evaluateAgainst(
  { run, trained, data }: RunOnData,
  { names, k: asked }: { readonly names: readonly string[]; readonly k?: number },
  { terminal, settings }: Context,
): Promise<number> {
  const { job, catalogue } = run.resolved;
  const { labels } = data;
  if (!labels) throw labelsNeeded(data.name, "--against");
  const others = labels.indices.length - 1;
  if (asked !== undefined && asked > others) throw kBeyondGallery(asked, others, true);
  const k = asked ?? Math.max(1, Math.min(USUAL_K, others));
  const spaces = names.map((name) => featureSpace(catalogue, name, data, "--against"));
  if (!settings.quiet) {
    for (const warning of spaces.flatMap(({ warnings }) => warnings)) terminal.err(`warning: ${warning}\n`);
  }
  const options = { catalogue, backend: trained.backend, labels: labels.indices, k };
  const ours = await scoreSpace(learnedSpace("run", trained, job.loss, await predictRows(trained, data)), options);
  const compared = [];
  for (const space of spaces) {
    const scores = await scoreSpace(space, options);
    compared.push({ name: space.name, scores, rows: compareSpaces(ours, scores) });
  }
  const better = compared.every(({ rows }) => rows[0]!.better);
  if (settings.json) {
    const against = compared.map(({ name, rows }) => ({ name, measures: rows }));
    terminal.out(
      `${JSON.stringify({ run: run.path, data: data.name, rows: labels.indices.length, better, against })}\n`,
    );
    return better ? DONE : FAILED;
  }
  const tables = compared.map((other) => spacesTable([other, { name: "run", scores: ours }], other));
  const verdict = better
    ? "better: the interval of recall@1 lies above 0"
    : "not better: the interval of recall@1 does not lie above 0";
  terminal.out(`${tables.join("\n\n")}\n\n${verdict}; on ${describeRows(data)} of ${data.name}\n`);
  return better ? DONE : FAILED;
}
