import { chart } from "./chart.js";
import { html, type Markup, name } from "./markup.js";
import { nameMarks } from "./name-marks.js";
import { showNumber, showShare } from "./numbers.js";
import { badge, hueClass, MARKS, shapeOf } from "./palette.js";
import type { NeighbourReport, PlanePoints, PlaneView } from "./report-input.js";
import { section } from "./section.js";
import { axisOf, px } from "./ticks.js";

const MOST_IN_LEGEND = 60;
/** Longer names would hide the points that they name: numbers stand for them, and the legend says which. */
const LONGEST_MARK = 8;

type Views = Pick<NeighbourReport, "views" | "viewsNote" | "sides">;

/** The same rows in the plane before and after, side by side, one line of pictures for each method. */
export function planeViewsSection({ views, viewsNote, sides }: Views): Markup | undefined {
  if (views === undefined || views.length === 0) return undefined;
  return section(
    "views",
    "Before and after",
    [
      ...views.map((view, at) => oneView(view, at, sides)),
      ...(viewsNote === undefined ? [] : [html`<p class="caption">${viewsNote}</p>`]),
    ],
    "wide",
  );
}

function oneView(view: PlaneView, at: number, names: Views["sides"]): Markup {
  const { classNames, links = [] } = view;
  const classes = [...new Set(Array.from(view.classes))].sort((a, b) => a - b);
  const rest = classes.length - MOST_IN_LEGEND;
  const sides = (["before", "after"] as const).map((side) => onePlane(view, side, `view-${at}-${side}`, names?.[side]));
  const legend =
    classes.length < 2 && classNames === undefined
      ? undefined
      : html`<p class="legend">Class ${classes
          .slice(0, MOST_IN_LEGEND)
          .map(
            (of) => html`${badge(of, html`${keyOf(view, of)}${name(nameOf(view, of), 28)}`)} `,
          )}${rest > 0 ? html`and ${rest} more` : undefined}</p>`;
  const lines =
    links.length === 0
      ? undefined
      : html`<p class="legend">${lineBadge("same")}said to belong together ${lineBadge("different")}said not to</p>`;
  const notes = [
    explained(view),
    classes.length > MARKS ? ` With more than ${MARKS} classes some share a mark.` : "",
    " Coordinates of the two are not to be compared, only who stands with whom.",
  ];
  return html`<figure><div class="pair">${sides}</div>${legend}${lines}<figcaption>${name(
    view.name,
  )} of the same ${view.classes.length === 1 ? "row" : `${showNumber(view.classes.length)} rows`}, before and after.${notes.join("")}</figcaption></figure>`;
}

const numbered = ({ classNames = [] }: Pick<PlaneView, "classNames">) =>
  classNames.some((each) => [...each.slice(0, 40)].length > LONGEST_MARK);
const markOf = (view: PlaneView, of: number) => (numbered(view) ? String(of + 1) : nameOf(view, of));
const keyOf = (view: PlaneView, of: number) => (numbered(view) ? html`<strong>${of + 1}</strong> ` : undefined);
const nameOf = ({ classNames }: Pick<PlaneView, "classNames">, of: number) => classNames?.[of] ?? String(of);

function explained({ before, after }: PlaneView): string {
  if (before.explained === undefined || after.explained === undefined) return "";
  return " What overlaps in a plane may be apart elsewhere.";
}

const shareOf = ({ explained = [] }: PlanePoints) => (explained[0] ?? 0) + (explained[1] ?? 0);

const lineBadge = (kind: "same" | "different") =>
  html`<span class="badge"><svg class="line-badge" viewBox="0 0 24 10" aria-hidden="true"><path class="link-${kind}" d="M1 5h22"/></svg></span>`;

function onePlane(view: PlaneView, side: "before" | "after", id: string, of: string | undefined): Markup {
  const { name: method, classes, links = [] } = view;
  const { x, y, explained: shares }: PlanePoints = view[side];
  const byClass = new Map<number, number[]>();
  let drawn = 0;
  for (let row = 0; row < x.length; row++) {
    if (!(Number.isFinite(x[row]) && Number.isFinite(y[row]))) continue;
    drawn++;
    const members = byClass.get(classes[row]!);
    if (members) members.push(row);
    else byClass.set(classes[row]!, [row]);
  }
  const range = (values: ArrayLike<number>) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const members of byClass.values()) {
      for (const row of members) [low, high] = [Math.min(low, values[row]!), Math.max(high, values[row]!)];
    }
    if (drawn === 0) return axisOf(0, 1);
    const room = (high - low) * 0.03;
    return axisOf(low - room, high + room);
  };
  const xAxis = range(x);
  const heading = side === "before" ? "Before" : "After";
  return chart({
    id,
    title: `${method}, ${side}`,
    description: `${counted(drawn, "row", "rows")} of ${counted(byClass.size, "class", "classes")}.`,
    height: 460,
    x: xAxis,
    y: range(y),
    xLabel: shares === undefined ? method : `${method}, the plane of ${showShare(shareOf(view[side]))} of the variance`,
    yLabel: of === undefined ? heading : `${heading}: ${of}`,
    draw: (toX, toY) => {
      const groups = [...byClass].sort(([a], [b]) => a - b);
      const at = (row: number) => `${px(toX(x[row]!))} ${px(toY(y[row]!))}`;
      const lines = ([true, false] as const).map((same) => {
        const placed = (row: number) => Number.isFinite(x[row]) && Number.isFinite(y[row]);
        const kind = links.filter((link) => link.same === same && placed(link.first) && placed(link.second));
        return html`<path class="link-${same ? "same" : "different"}" d="${kind
          .map(({ first, second }) => `M${at(first)}L${at(second)}`)
          .join("")}"/>`;
      });
      const points = groups.map(
        ([of, members]) =>
          html`<path class="point ${links.length > 0 && groups.length < 2 ? "plain" : hueClass(of)}" d="${members.map((row) => `M${at(row)}${shapeOf(of)}`).join("")}"/>`,
      );
      // A number says nothing that the legend does not explain.
      const listed = new Set(numbered(view) ? groups.slice(0, MOST_IN_LEGEND).map(([each]) => each) : byClass.keys());
      const named = groups
        .filter(([each]) => listed.has(each))
        .sort((a, b) => b[1].length - a[1].length || a[0] - b[0])
        .map(([of, members]) => ({
          text: markOf(view, of),
          x: members.map((row) => toX(x[row]!)),
          y: members.map((row) => toY(y[row]!)),
        }));
      const marks = groups.length < 2 ? [] : nameMarks(named, [toX(xAxis.low), toX(xAxis.high)]);
      return [...points, ...(links.length === 0 ? [] : lines), ...marks];
    },
  });
}

const counted = (count: number, one: string, many: string) => `${showNumber(count)} ${count === 1 ? one : many}`;
