import { Key } from "@semblance/core";
import { chart } from "./chart.js";
import { clip, html, type Markup } from "./markup.js";
import { nameMarks } from "./name-marks.js";
import { showNumber, showShare } from "./numbers.js";
import { badge, hueClass, shapeOf } from "./palette.js";
import type { Projection } from "./report-input.js";
import { section } from "./section.js";
import { axisOf, px } from "./ticks.js";

const MOST_POINTS = 3000;
const MOST_IN_LEGEND = 60;

/** The rows to draw: all of them, or 3,000 drawn with a fixed key, so that one run has one picture. */
function rowsToDraw({ x, y }: Projection): { rows: number[]; finite: number } {
  const rows: number[] = [];
  for (let row = 0; row < x.length; row++) if (Number.isFinite(x[row]) && Number.isFinite(y[row])) rows.push(row);
  if (rows.length <= MOST_POINTS) return { rows, finite: rows.length };
  // A random draw, not every n-th row: rows that cycle through their classes would lose some of them.
  const drawn = Key.fromSeed(0).permutation(rows.length).slice(0, MOST_POINTS).sort();
  return { rows: Array.from(drawn, (index) => rows[index]!), finite: rows.length };
}

function byCluster(rows: readonly number[], cluster: ArrayLike<number>): [number, number[]][] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const group = groups.get(cluster[row]!);
    if (group === undefined) groups.set(cluster[row]!, [row]);
    else group.push(row);
  }
  // Large clusters first, so that they do not cover small ones.
  return [...groups].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
}

/** Every row as a point in the plane of largest variance, coloured by its cluster. */
export function projectionSection(projection: Projection | undefined): Markup | undefined {
  if (projection === undefined) return undefined;
  const { x, y, cluster, classes, label, explained } = projection;
  const word = classes ? "class" : "cluster";
  const nameOf = (index: number) => (classes ? (classes[index] ?? String(index)).slice(0, 24) : String(index));
  const { rows, finite } = rowsToDraw(projection);
  const title = "Projection";
  if (rows.length === 0) return section("projection", title, "There are no points to draw.");
  const groups = byCluster(rows, cluster);
  const range = (values: ArrayLike<number>) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) [low, high] = [Math.min(low, values[row]!), Math.max(high, values[row]!)];
    const room = (high - low) * 0.03;
    return axisOf(low - room, high + room);
  };
  const xAxis = range(x);
  const axisName = (index: number) =>
    `component ${index + 1}${explained[index] === undefined ? "" : ` (${showShare(explained[index])} of the variance)`}`;
  const total = explained.slice(0, 2).reduce((sum, share) => sum + share, 0);
  const notes = [
    explained.length === 0
      ? ""
      : `The plane shows ${showShare(total)} of the variance: what overlaps here may be apart elsewhere.`,
    finite > rows.length
      ? `${showNumber(rows.length)} of ${showNumber(finite)} rows are drawn, chosen at random once and for all.`
      : "",
    finite < x.length ? `Left out, without finite coordinates: ${showNumber(x.length - finite)}.` : "",
  ].filter((note) => note !== "");
  return section(
    "projection",
    title,
    html`<figure>${chart({
      id: "projection-chart",
      title: `Rows in the plane of largest variance, by ${word}`,
      description: `${showNumber(rows.length)} rows in ${showNumber(groups.length)} ${classes ? "classes" : "clusters"}.`,
      height: 620,
      x: xAxis,
      y: range(y),
      xLabel: axisName(0),
      yLabel: axisName(1),
      draw: (toX, toY) => {
        const at = (row: number) => `M${px(toX(x[row]!))} ${px(toY(y[row]!))}${shape}`;
        let shape = "";
        const marks = groups.map(([index, members]) => {
          shape = shapeOf(index);
          if (label === undefined) {
            return html`<path class="point ${hueClass(index)}" d="${members.map(at).join("")}"/>`;
          }
          return html`<g class="point ${hueClass(index)}">${members.map(
            (row) => html`<path d="${at(row)}"><title>${clip(label[row]!, 80)}</title></path>`,
          )}</g>`;
        });
        const named = groups.map(([index, members]) => ({
          text: nameOf(index),
          x: members.map((row) => toX(x[row]!)),
          y: members.map((row) => toY(y[row]!)),
        }));
        return [...marks, ...nameMarks(named, [toX(xAxis.low), toX(xAxis.high)])];
      },
    })}${legend(
      word,
      groups.map(([index]) => index),
      nameOf,
    )}<figcaption>${notes.join(" ")} ${classes ? "Names stand at the median of their class" : "Numbers stand at the median of their cluster"}.</figcaption></figure>`,
    "tall",
  );
}

function legend(word: string, clusters: readonly number[], nameOf: (index: number) => string): Markup {
  const ordered = [...clusters].sort((a, b) => a - b);
  const rest = ordered.length - MOST_IN_LEGEND;
  return html`<p class="legend">${word === "class" ? "Class" : "Cluster"} ${ordered.slice(0, MOST_IN_LEGEND).map((cluster) => html`${badge(cluster, nameOf(cluster))} `)}${
    rest > 0 ? html`and ${rest} more` : undefined
  }</p>`;
}
