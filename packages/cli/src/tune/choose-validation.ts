import type { Dataset } from "@semblance/core";

/** What is held out of the training to choose by; undefined where too little is known to spare any of it. */
export interface ChosenValidation {
  readonly by: "class" | "row" | "pair";
  readonly fraction: number;
  readonly seed: number;
  readonly start: true;
}

const SHARE = 0.2;
const FEWEST_CLASSES = 6;
const FEWEST_PAIRS = 5;
const FEWEST_ROWS = 3;

/** A fifth of the pairs of either kind, of the classes, or where these are few of the rows of each class. */
export function chooseValidation({ labels, supervision }: Dataset, seed: number): ChosenValidation | undefined {
  const chosen = (by: ChosenValidation["by"]) => ({ by, fraction: SHARE, seed, start: true }) as const;
  if (supervision?.form === "pairs") {
    const same = supervision.similarity.filter((value) => value > 0).length;
    return Math.min(same, supervision.similarity.length - same) < FEWEST_PAIRS ? undefined : chosen("pair");
  }
  if (!labels) return undefined;
  const sizes = new Int32Array(labels.names.length);
  for (const index of labels.indices) sizes[index]! += 1;
  if (sizes.filter((size) => size > 1).length >= FEWEST_CLASSES) return chosen("class");
  return sizes.some((size) => size >= FEWEST_ROWS) ? chosen("row") : undefined;
}
