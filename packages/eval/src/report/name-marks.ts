import { html, type Markup } from "./markup.js";
import { px } from "./ticks.js";

const MOST_NAMED = 40;
// In pixels: about the width of two numbers.
const FARTHEST_MOVE = 36;

/** A name, and the pixels that its group covers. */
export interface NamedGroup {
  readonly text: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface NameMark {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Moves each name to the right until it covers none before it; one that would stand far from its group is left out. */
function apart(marks: readonly NameMark[]): NameMark[] {
  const placed: NameMark[] = [];
  for (const mark of marks) {
    const width = (other: NameMark) => 8 + 5 * (mark.text.length + other.text.length);
    let x = mark.x;
    const covers = (other: NameMark) => Math.abs(other.x - x) < width(other) && Math.abs(other.y - mark.y) < 13;
    for (let other = placed.find(covers); other !== undefined; other = placed.find(covers)) {
      // Half a pixel more than needed: rounding must not leave the two touching, and this loop running.
      x = other.x + width(other) + 0.5;
    }
    if (x - mark.x <= FARTHEST_MOVE) placed.push({ ...mark, x });
  }
  return placed;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** The names of groups of points at their medians, those that come first before all others, none on top of another, within `[from, to]`. */
export function nameMarks(groups: readonly NamedGroup[], [from, to]: readonly [number, number]): Markup[] {
  const centres = groups.slice(0, MOST_NAMED).map(({ text, x, y }) => {
    // Half a name on either side has to stay in the picture.
    const half = 4 + 4 * text.length;
    return { text, x: Math.max(from + half, Math.min(to - half, median(x))), y: median(y) };
  });
  return apart(centres).map(
    (mark) =>
      html`<text class="number-mark" x="${px(mark.x)}" y="${px(mark.y)}" dy=".34em" text-anchor="middle">${mark.text}</text>`,
  );
}
