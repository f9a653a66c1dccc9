import { showScore } from "../run/render-run-report.js";
import { table } from "../terminal/table.js";
import type { SpaceDifference } from "./compare-spaces.js";
import type { SpaceScore } from "./score-space.js";

/** A space with its scores. */
export interface ScoredSpace {
  readonly name: string;
  readonly scores: readonly SpaceScore[];
}

/** Measures of some spaces, a column each, and how the last differs from one of the others. */
export function spacesTable(
  spaces: readonly ScoredSpace[],
  { name, rows }: { readonly name: string; readonly rows: readonly SpaceDifference[] },
): string {
  const measures = spaces.at(-1)!.scores.map(({ measure }) => measure);
  const value = ({ scores }: ScoredSpace, measure: string) => {
    const score = scores.find((each) => each.measure === measure);
    return score === undefined ? "–" : showScore(score.value);
  };
  return table([
    ["", ...spaces.map((space) => space.name), `against ${name}`, "95 % interval"],
    ...measures.map((measure) => {
      const difference = rows.find((row) => row.measure === measure);
      const shown = difference
        ? [signed(difference.difference), `${signed(difference.interval.low)} to ${signed(difference.interval.high)}`]
        : ["–", "–"];
      return [measure, ...spaces.map((space) => value(space, measure)), ...shown];
    }),
  ]);
}

const signed = (value: number) => `${value > 0 ? "+" : ""}${showScore(value)}`;
