import { showNumber } from "./numbers.js";

/** The marks of an axis and the range that it spans. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

// Beyond this the differences of two values overflow; a chart of them is clipped, not broken.
const LARGEST = 1e300;
// Pixels per unit of a smaller range would overflow.
const SMALLEST_RANGE = 1e-290;
const clamp = (value: number) => Math.min(LARGEST, Math.max(-LARGEST, value));

/** An axis from `low` to `high` with marks at multiples of 1, 2 or 5 times a power of ten, about `count` of them. */
export function axisOf(low: number, high: number, count = 5): Axis {
  let [from, to] = [clamp(Math.min(low, high)), clamp(Math.max(low, high))];
  if (!(to - from > Math.max(SMALLEST_RANGE, 1e-9 * Math.max(Math.abs(from), Math.abs(to))))) {
    // A constant, or nearly so that its marks would read alike: room on both sides, or the division by the range would be one by zero.
    const tenth = Math.max(Math.abs(from), Math.abs(to)) * 0.1;
    const room = tenth > SMALLEST_RANGE ? tenth : 1;
    [from, to] = [from - room, to + room];
  }
  const raw = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw * 0.999)!;
  const ticks: { at: number; text: string }[] = [];
  const first = Math.ceil(from / step - 1e-9);
  for (let index = first; index * step <= to + step * 1e-9 && ticks.length <= 2 * count; index++) {
    // index · step, not a running sum: 0.1 three times is not 0.3.
    const at = index * step;
    ticks.push({ at, text: showNumber(Number(at.toPrecision(12))) });
  }
  return { low: from, high: to, ticks };
}

/** A linear map of an axis to pixels; what lies outside it is drawn at its end. */
export function scaleOf(axis: Axis, from: number, to: number): (value: number) => number {
  const perUnit = (to - from) / (axis.high - axis.low);
  return (value) => from + (Math.min(axis.high, Math.max(axis.low, value)) - axis.low) * perUnit;
}

/** A coordinate with one decimal, which is a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
