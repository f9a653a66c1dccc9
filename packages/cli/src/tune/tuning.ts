import type { SpaceDifference } from "../spaces/compare-spaces.js";
import type { ScoredSpace } from "../spaces/print-spaces.js";

/** Held-out rows before and after. */
export interface Tuning {
  /** The rows as they are by some divergences, then as they are tuned. */
  readonly spaces: readonly ScoredSpace[];
  /** The better of the divergences of before, with which the tuned rows are compared. */
  readonly against: { readonly name: string; readonly rows: readonly SpaceDifference[] };
  /** Rows that were scored, or pairs. */
  readonly scored: { readonly count: number; readonly what: "rows" | "pairs" };
  readonly warnings: readonly string[];
}

/** A tuning as JSON: what `tuning.json` of the run folder holds. */
export function tuningDocument({ spaces, against, scored, warnings }: Tuning) {
  return {
    scored,
    spaces: spaces.map(({ name, scores }) => ({
      name,
      scores: Object.fromEntries(scores.map(({ measure, value }) => [measure, value])),
    })),
    against: { name: against.name, measures: against.rows },
    warnings,
  };
}
