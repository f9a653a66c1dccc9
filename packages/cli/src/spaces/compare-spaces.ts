import { type PairedInterval, pairedBootstrap } from "@semblance/eval";
import type { SpaceScore } from "./score-space.js";
import { statisticInterval } from "./statistic-interval.js";

/** A measure of a learned space beside the same of another one. */
export interface SpaceDifference {
  readonly measure: string;
  readonly ours: number;
  readonly theirs: number;
  readonly difference: number;
  /** The 95 % interval of the difference, paired. */
  readonly interval: Pick<PairedInterval, "low" | "high">;
  /** Whether it lies above 0. */
  readonly better: boolean;
}

/** Measures of two spaces of the same rows, with intervals of their differences; larger is better for all of them. */
export function compareSpaces(ours: readonly SpaceScore[], theirs: readonly SpaceScore[]): SpaceDifference[] {
  return ours.flatMap((own) => {
    const other = theirs.find(({ measure }) => measure === own.measure);
    if (!other) return [];
    const { low, high } = intervalOf(own, other);
    return [
      {
        measure: own.measure,
        ours: own.value,
        theirs: other.value,
        difference: own.value - other.value,
        interval: { low, high },
        better: low > 0,
      },
    ];
  });
}

function intervalOf(own: SpaceScore, other: SpaceScore): PairedInterval {
  if ("perQuery" in own && "perQuery" in other) return pairedBootstrap(own.perQuery, other.perQuery);
  if ("of" in own && "of" in other) return statisticInterval(own.rows, (drawn) => own.of(drawn) - other.of(drawn));
  throw new Error(`measure "${own.measure}" is not worked out alike on both sides`);
}
