import { chart } from "./chart.js";
import { html, type Markup, name } from "./markup.js";
import { showNumber } from "./numbers.js";
import { badge, hueClass, shapeOf } from "./palette.js";
import type { FunctionCurves } from "./report-input.js";
import { axisOf, px } from "./ticks.js";

const MOST_LINES = 10;

/** Functions over one axis as lines, with rows as marks on the axis. */
export function functionCurves(curves: FunctionCurves, at: number): Markup {
  const { title, xLabel, yLabel, x, points, note } = curves;
  const lines = curves.lines.slice(0, MOST_LINES);
  const all = lines.flatMap(({ y }) => Array.from(y).filter(Number.isFinite));
  const range = (values: ArrayLike<number>) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of Array.from(values)) [low, high] = [Math.min(low, value), Math.max(high, value)];
    return low <= high ? axisOf(low, high) : axisOf(0, 1);
  };
  const [low, high] = [range(all).low, range(all).high];
  const description = `${showNumber(lines.length)} lines, from ${showNumber(low)} to ${showNumber(high)}.`;
  return html`<figure>${chart({
    id: `curves-${at}`,
    title,
    description,
    height: 480,
    x: range(x),
    // Room for the marks below.
    y: axisOf(low - (high - low) * 0.08, high),
    xLabel,
    yLabel,
    draw: (toX, toY) => [
      ...lines.map(({ y }, line) => {
        const path: string[] = [];
        for (let step = 0, pen = "M"; step < x.length; step++) {
          if (!Number.isFinite(y[step])) {
            pen = "M";
            continue;
          }
          path.push(`${pen}${px(toX(x[step]!))} ${px(toY(y[step]!))}`);
          pen = "L";
        }
        return html`<path class="${lines.length === 1 ? "line" : `curve ${hueClass(line)}`}" d="${path.join("")}"/>`;
      }),
      ...Array.from(points?.x ?? [], (place, row) => {
        const of = points!.classes[row]!;
        return html`<path class="point ${hueClass(of)}" d="M${px(toX(place))} ${px(toY(low - (high - low) * 0.05))}${shapeOf(of)}"/>`;
      }),
    ],
  })}${
    lines.length < 2
      ? undefined
      : html`<p class="legend">${lines.map((line, index) => html`${badge(index, name(line.name, 28))} `)}</p>`
  }<figcaption>${name(title, 160)}.${note === undefined ? undefined : ` ${note}`}</figcaption></figure>`;
}
