import { type FloatDType, type NdArray, ndarray } from "@semblance/core";
import { labelNotInteger, lengthsDiffer, rankMismatch, settingInvalid, valueNotFinite } from "../errors.js";
import { chart } from "../report/chart.js";
import { html, type Markup } from "../report/markup.js";
import { showNumber } from "../report/numbers.js";
import { HUES, hueClass, shapeOf } from "../report/palette.js";
import { axisOf, px } from "../report/ticks.js";

/** A function on a grid over the plane, with the points that it was learned from. */
export interface LevelSets {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Values at (resolution + 1)² corners, rows from low y to high y, each from low x to high x. */
  readonly values: ArrayLike<number>;
  readonly resolution: number;
  /** [n, 2] */
  readonly points?: NdArray;
  readonly classes?: ArrayLike<number>;
  /** The point that a divergence is measured from. */
  readonly anchor?: readonly [number, number];
  /** What the axes are; "x" and "y" by default. */
  readonly axes?: readonly [string, string];
}

export interface LevelSetsOptions extends Pick<LevelSets, "x" | "y" | "points" | "classes" | "anchor" | "axes"> {
  /** The function: rows [m, 2] to values [m], such as φ or the divergence from a point. */
  readonly evaluate: (rows: NdArray<"float32">) => Promise<NdArray<FloatDType>>;
  /** Cells on each side, 2 to 200; 60 by default. */
  readonly resolution?: number;
}

/**
 * Asks a function of the plane for its values on a grid.
 *
 * @throws ConfigError SETTING_INVALID; ShapeError RANK_MISMATCH; DataError LENGTHS_DIFFER, LABEL_NOT_INTEGER, VALUE_NOT_FINITE
 */
export async function evaluateLevelSets({ evaluate, resolution = 60, ...plane }: LevelSetsOptions): Promise<LevelSets> {
  if (!Number.isInteger(resolution) || resolution < 2 || resolution > 200) {
    throw settingInvalid("resolution", "a whole number from 2 to 200", resolution);
  }
  for (const axis of ["x", "y"] as const) {
    const [low, high] = plane[axis];
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
      throw settingInvalid(axis, "[low, high] with low < high", `[${low}, ${high}]`);
    }
  }
  requirePoints(plane);
  const corners = resolution + 1;
  const grid = new Float32Array(2 * corners * corners);
  const at = ([low, high]: readonly [number, number], step: number) => low + ((high - low) * step) / resolution;
  for (let corner = 0; corner < corners * corners; corner++) {
    grid[2 * corner] = at(plane.x, corner % corners);
    grid[2 * corner + 1] = at(plane.y, Math.floor(corner / corners));
  }
  const { data } = await evaluate(ndarray("float32", [corners * corners, 2], grid));
  if (data.length !== corners * corners) throw lengthsDiffer("the grid", corners * corners, "its values", data.length);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw valueNotFinite("the function", Math.floor(bad / corners), bad % corners, data[bad]!);
  return { ...plane, resolution, values: Float64Array.from(data) };
}

function requirePoints({ points, classes }: Pick<LevelSets, "points" | "classes">): void {
  if (points === undefined) return;
  if (points.shape.length !== 2 || points.shape[1] !== 2) throw rankMismatch("points", "[n, 2]", points.shape);
  if (classes === undefined) return;
  if (classes.length !== points.shape[0]) throw lengthsDiffer("points", points.shape[0]!, "classes", classes.length);
  for (let row = 0; row < classes.length; row++) {
    if (!Number.isInteger(classes[row])) throw labelNotInteger("classes", row, classes[row]);
  }
}

const LEVELS = 10;

/** The values whose level sets are drawn: evenly spaced, strictly between the least and the greatest. */
function levelsOf(values: ArrayLike<number>): number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at++) [low, high] = [Math.min(low, values[at]!), Math.max(high, values[at]!)];
  return low < high ? Array.from({ length: LEVELS }, (_, at) => low + ((high - low) * (at + 1)) / (LEVELS + 1)) : [];
}

/** Which values the lines have, in a sentence. */
export function describeLevels({ values }: Pick<LevelSets, "values">): string {
  const levels = levelsOf(values);
  if (levels.length === 0) return `the value is ${showNumber(values[0]!)} everywhere`;
  return `${levels.length} lines of equal value from ${showNumber(levels[0]!)} to ${showNumber(levels.at(-1)!)}, evenly spaced, the stronger the higher`;
}

/** A picture of level sets for the report; with `style` one that stands alone. */
export function levelSetsChart(
  sets: LevelSets,
  { id, title, style }: { id: string; title: string; style?: string },
): Markup {
  const levels = levelsOf(sets.values);
  const description =
    levels.length === 0
      ? `The function has the value ${showNumber(sets.values[0]!)} everywhere.`
      : `Lines of equal value, the stronger the higher: ${levels.map(showNumber).join(", ")}.`;
  return chart({
    id,
    title,
    description,
    width: 520,
    height: 480,
    x: axisOf(...sets.x),
    y: axisOf(...sets.y),
    xLabel: sets.axes?.[0] ?? "x",
    yLabel: sets.axes?.[1] ?? "y",
    ...(style === undefined ? {} : { style }),
    draw: (toX, toY) => {
      const lines = levels.map((level, at) => html`<path class="level v${at}" d="${contour(sets, level, toX, toY)}"/>`);
      const anchor = sets.anchor;
      const mark =
        anchor && html`<path class="anchor" d="M${px(toX(anchor[0]))} ${px(toY(anchor[1]))}m-7 0h14m-7-7v14"/>`;
      return [...lines, ...marks(sets, toX, toY), ...(mark ? [mark] : [])];
    },
  });
}

/** Level sets of a function of the plane as a self-contained SVG: ten lines of equal value, the points by class above. */
export function levelSets(sets: LevelSets, title: string): string {
  return levelSetsChart(sets, { id: "levels", title, style: STYLE }).text;
}

type Scale = (value: number) => number;

function marks({ points, classes, x, y }: LevelSets, toX: Scale, toY: Scale): Markup[] {
  if (points === undefined) return [];
  const byClass = new Map<number, string[]>();
  for (let row = 0; row < points.shape[0]!; row++) {
    const [px0, py0] = [points.data[2 * row]!, points.data[2 * row + 1]!];
    if (!(px0 >= x[0] && px0 <= x[1] && py0 >= y[0] && py0 <= y[1])) continue;
    const of = classes?.[row] ?? 0;
    const paths = byClass.get(of) ?? [];
    byClass.set(of, paths);
    paths.push(`M${px(toX(px0))} ${px(toY(py0))}${shapeOf(of)}`);
  }
  return [...byClass].map(([of, paths]) => html`<path class="point ${hueClass(of)}" d="${paths.join("")}"/>`);
}

/** The line where the function has a value, cell by cell, straight between the places where it crosses the sides of a cell. */
function contour({ x, y, resolution, values }: LevelSets, level: number, toX: Scale, toY: Scale): string {
  const corners = resolution + 1;
  const place = (column: number, row: number) =>
    `${px(toX(x[0] + ((x[1] - x[0]) * column) / resolution))} ${px(toY(y[0] + ((y[1] - y[0]) * row) / resolution))}`;
  const parts: string[] = [];
  for (let row = 0; row < resolution; row++) {
    for (let column = 0; column < resolution; column++) {
      // Corners around the cell, and the crossings of its four sides in that order.
      const around = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ] as const;
      const value = around.map(([c, r]) => values[r * corners + c]! - level);
      const crossings: string[] = [];
      for (let side = 0; side < 4; side++) {
        const [from, to] = [value[side]!, value[(side + 1) % 4]!];
        if (from > 0 === to > 0) continue;
        const share = from / (from - to);
        const [[c0, r0], [c1, r1]] = [around[side]!, around[(side + 1) % 4]!];
        crossings.push(place(c0 + share * (c1 - c0), r0 + share * (r1 - r0)));
      }
      // A saddle has four crossings, and which two belong together is below what a cell can tell.
      for (let at = 0; at + 1 < crossings.length; at += 2) parts.push(`M${crossings[at]}L${crossings[at + 1]}`);
    }
  }
  return parts.join("");
}

/** Light paper: a picture goes into documents whose colours it does not know. */
const STYLE = `
svg{background:#fff}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:#59626d}
.label{fill:#1b1f24}
.rule{display:none}
.tick,.axis{fill:none;stroke:#59626d}
.level{fill:none;stroke:#0063a6;stroke-width:1.4}
${Array.from({ length: LEVELS }, (_, at) => `.v${at}{stroke-opacity:${(0.25 + at / 12).toFixed(2)}}`).join("")}
.anchor{fill:none;stroke:#1b1f24;stroke-width:2.5}
.point{fill-opacity:.6}
${HUES.light.map((hue, index) => `.h${index}{fill:${hue}}`).join("")}
`;
