import { chart } from "./chart.js";
import { clip, html, type Markup, name } from "./markup.js";
import { showNumber, showScore } from "./numbers.js";
import { badge, hueClass, shapeOf } from "./palette.js";
import type { ScoreCurves } from "./report-input.js";
import { section } from "./section.js";
import { axisOf, px } from "./ticks.js";

/** More lines than hues cannot be told apart. */
const MOST_LINES = 10;
/** Beyond this marks touch each other, and the line says it all. */
const MOST_MARKS = 40;

/** Scores over the epochs of training, a line for each measure, and the epoch that was kept. */
export function scoreCurvesSection(curves: ScoreCurves | undefined): Markup | undefined {
  if (curves === undefined) return undefined;
  const lines = curves.lines
    .map(({ points, ...line }) => ({ ...line, points: points.filter(({ score }) => Number.isFinite(score)) }))
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  const shown = lines.slice(0, MOST_LINES);
  const all = shown.flatMap(({ points }) => points);
  const range = (values: readonly number[]) => axisOf(Math.min(...values), Math.max(...values));
  const { kept, note } = curves;
  const last = (line: (typeof shown)[number]) => line.points.at(-1)!;
  const said = shown.map((line) => `${clip(line.name, 28)} ${showScore(last(line).score)}`).join(", ");
  const description = `At the last epoch that was scored: ${said}.`;
  return section(
    "scores",
    "Scores over the epochs",
    html`<figure>${chart({
      id: "scores-chart",
      title: "Scores over the epochs of training",
      description,
      x: range([...all.map(({ epoch }) => epoch), ...(kept === undefined ? [] : [kept])]),
      y: range(all.map(({ score }) => score)),
      xLabel: "epoch",
      yLabel: "score",
      draw: (toX, toY) => [
        ...(kept === undefined ? [] : [html`<path class="threshold" d="M${px(toX(kept))} ${px(toY(-1e300))}V26"/>`]),
        ...shown.flatMap(({ points }, at) => {
          const places = points.map(({ epoch, score }) => `${px(toX(epoch))} ${px(toY(score))}`);
          const marks = points.length > MOST_MARKS ? places.slice(-1) : places;
          return [
            html`<path class="curve ${hueClass(at)}" d="M${places.join("L")}"/>`,
            html`<path class="point ${hueClass(at)}" d="${marks.map((place) => `M${place}${shapeOf(10 * (at % 6))}`).join("")}"/>`,
          ];
        }),
      ],
    })}<p class="legend">${shown.map((line, at) => html`${badge(at, name(line.name, 28), 10 * (at % 6))} `)}${
      kept === undefined
        ? undefined
        : html`<span class="badge"><svg class="line-badge" viewBox="0 0 24 10" aria-hidden="true"><path class="threshold" d="M1 5h22"/></svg>kept: ${kept === 0 ? "the start" : `epoch ${showNumber(kept)}`}</span>`
    }</p><figcaption>${note === undefined ? undefined : html`${note} `}${description}</figcaption></figure>`,
  );
}
