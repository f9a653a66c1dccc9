import { chart } from "./chart.js";
import { html, type Markup, name } from "./markup.js";
import { showNumber } from "./numbers.js";
import { badge, hueClass, shapeOf } from "./palette.js";
import type { PlanePoints, PlaneView } from "./report-input.js";
import { section } from "./section.js";
import { axisOf, px } from "./ticks.js";

const MOST_IN_LEGEND = 40;

/** The same rows in the plane before and after, side by side, one line of pictures for each method. */
export function planeViewsSection(views: readonly PlaneView[] | undefined): Markup | undefined {
  if (views === undefined || views.length === 0) return undefined;
  return section("views", "Before and after", views.map(oneView), "wide");
}

function oneView(view: PlaneView, at: number): Markup {
  const classes = [...new Set(Array.from(view.classes))].sort((a, b) => a - b);
  const rest = classes.length - MOST_IN_LEGEND;
  const sides = (["before", "after"] as const).map((side) => onePlane(view, side, `view-${at}-${side}`));
  return html`<figure><div class="pair">${sides}</div><p class="legend">Class ${classes
    .slice(0, MOST_IN_LEGEND)
    .map((of) => html`${badge(of)} `)}${rest > 0 ? html`and ${rest} more` : undefined}</p><figcaption>${name(
    view.name,
  )} of the same ${showNumber(view.classes.length)} rows, before on the left, after on the right. Coordinates of the two are not to be compared, only who stands with whom.</figcaption></figure>`;
}

function onePlane({ name: method, classes, ...sides }: PlaneView, side: "before" | "after", id: string): Markup {
  const { x, y }: PlanePoints = sides[side];
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
  return chart({
    id,
    title: `${method}, ${side}`,
    description: `${showNumber(drawn)} rows of ${showNumber(byClass.size)} classes.`,
    height: 460,
    x: range(x),
    y: range(y),
    xLabel: side,
    yLabel: "",
    draw: (toX, toY) =>
      [...byClass]
        .sort(([a], [b]) => a - b)
        .map(
          ([of, members]) =>
            html`<path class="point ${hueClass(of)}" d="${members
              .map((row) => `M${px(toX(x[row]!))} ${px(toY(y[row]!))}${shapeOf(of)}`)
              .join("")}"/>`,
        ),
  });
}
