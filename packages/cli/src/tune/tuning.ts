import type { Component } from "../job/job-schema.js";
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
  /** How the head was chosen, on what was held out of the training. */
  readonly chosen?: ChosenHead;
}

/** What a head was chosen by; of epochs −1 is what there was before training. */
export interface ChosenHead {
  readonly measure: string;
  readonly begins: readonly { readonly model: object; readonly score: number }[];
  readonly epochs: readonly { readonly epoch: number; readonly score: number }[];
  readonly kept: number;
}

/** What a user should know of the choice where little or nothing was learned. */
export function describeChoice({ begins, kept, measure }: ChosenHead, model: Component): string[] {
  if (kept >= 0) return [];
  if (model.begin === "item" && begins.length > 0) {
    return [
      `nothing that was learned is better, by ${measure} on what was held out to choose by, than the vectors as they are: head.onnx keeps them as they are`,
    ];
  }
  return [
    `no epoch is better, by ${measure} on what was held out to choose by, than what training began with: that is kept`,
  ];
}

/** A tuning as JSON: what `tuning.json` of the run folder holds. */
export function tuningDocument({ spaces, against, scored, warnings, chosen }: Tuning) {
  return {
    scored,
    spaces: spaces.map(({ name, scores }) => ({
      name,
      scores: Object.fromEntries(scores.map(({ measure, value }) => [measure, value])),
    })),
    against: { name: against.name, measures: against.rows },
    ...(chosen ? { chosen } : {}),
    warnings,
  };
}
