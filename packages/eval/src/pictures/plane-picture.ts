import { type FloatDType, type NdArray, ndarray } from "@semblance/core";
import { matrixRows } from "../distances/matrix-rows.js";
import { labelNotInteger, lengthsDiffer, rankMismatch, settingInvalid } from "../errors.js";
import { chart } from "../report/chart.js";
import { html, type Markup } from "../report/markup.js";
import { showNumber } from "../report/numbers.js";
import { HUES, hueClass, shapeOf } from "../report/palette.js";
import { axisOf, px } from "../report/ticks.js";

/** What a picture of a model of the plane is made of. */
export interface PlanePicture {
  /** [n, 2] */
  readonly points: NdArray;
  /** The group of each point, which colours its mark; by default the cluster that the model puts it into. */
  readonly labels?: ArrayLike<number>;
  /** The model: rows [m, 2] to posteriors [m, k], such as `(rows) => estimator.predictProbabilities(rows)`. */
  readonly posteriors: (rows: NdArray<"float32">) => Promise<NdArray<FloatDType>>;
  readonly title: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /**
   * What is shown, as [low, high]; by default the middle 98 % of the points and a margin, so that a few far outliers do not make a dot of
   * the rest.
   */
  readonly range?: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  /** Cells on each side, 2 to 400; 120 by default. */
  readonly resolution?: number;
}

/** The posteriors of a grid of cells over the plane. */
export interface Plane {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly resolution: number;
  /** [resolution²] rows from low y to high y, each from low x to high x. */
  readonly cells: readonly (readonly number[])[];
  /** The cluster of each point. */
  readonly predicted: readonly number[];
  /** The group that colours each point: its cluster where no other was given. */
  readonly groups: ArrayLike<number>;
}

const MIDDLE = 0.98;
const MARGIN = 0.12;

/**
 * Asks a model about the middle of every cell of a plane, and about its points.
 *
 * @throws ShapeError RANK_MISMATCH; DataError INPUT_EMPTY, VALUE_NOT_FINITE, VALUES_TOO_LARGE, LENGTHS_DIFFER, LABEL_NOT_INTEGER; ConfigError SETTING_INVALID
 */
export async function planeOf(picture: PlanePicture): Promise<Plane> {
  const { points, labels, posteriors, resolution = 120 } = picture;
  requirePoints(picture, resolution);
  const count = points.shape[0]!;
  const column = (axis: number) => Float64Array.from({ length: count }, (_, row) => points.data[2 * row + axis]!);
  const { x, y } = picture.range ?? { x: middleOf(column(0)), y: middleOf(column(1)) };
  const at = ([low, high]: readonly [number, number], cell: number) => low + ((high - low) * (cell + 0.5)) / resolution;
  const grid = new Float32Array(2 * resolution * resolution);
  for (let cell = 0; cell < resolution * resolution; cell++) {
    grid[2 * cell] = at(x, cell % resolution);
    grid[2 * cell + 1] = at(y, Math.floor(cell / resolution));
  }
  const cells = rowsOf(await posteriors(ndarray("float32", [resolution * resolution, 2], grid)));
  const predicted = rowsOf(await posteriors(ndarray("float32", [count, 2], points.data))).map(largest);
  return { x, y, resolution, cells, predicted, groups: labels ?? predicted };
}

/** The position of the largest number, the first one on ties. */
export const largest = (row: readonly number[]) => row.indexOf(Math.max(...row));

/**
 * A plane as a self-contained SVG: shaded cells below, the points above, and axes around them.
 *
 * @param shades for each class of the style sheet the cells that it colours
 */
export function drawPlane(
  picture: PlanePicture,
  { x, y, resolution, groups }: Plane,
  shades: ReadonlyMap<string, readonly boolean[]>,
  { description, style }: { readonly description: string; readonly style: string },
): string {
  const { points, title, xLabel = "x", yLabel = "y" } = picture;
  const count = points.shape[0]!;
  const seen = Array.from({ length: count }, (_, row) => row).filter((row) => {
    const [px, py] = [points.data[2 * row]!, points.data[2 * row + 1]!];
    return px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1];
  });
  const outside = count - seen.length;
  const told = outside === 0 ? "" : ` ${showNumber(outside)} of ${showNumber(count)} points lie outside.`;
  return chart({
    id: "plane",
    title,
    description: `${description}${told}`,
    width: 640,
    height: 600,
    x: axisOf(...x),
    y: axisOf(...y),
    xLabel,
    yLabel,
    style: `${STYLE}${style}`,
    draw: (toX, toY) => [
      ...[...shades].map(([name, cells]) => cellPath(name, cells, resolution, { x, y, toX, toY })),
      ...marks(seen, groups, (row) => `M${px(toX(points.data[2 * row]!))} ${px(toY(points.data[2 * row + 1]!))}`),
    ],
  }).text;
}

interface Scales {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
}

/** Cells of one shade as one path; neighbours in a row are one rectangle. */
function cellPath(name: string, cells: readonly boolean[], resolution: number, { x, y, toX, toY }: Scales): Markup {
  const [width, height] = [(x[1] - x[0]) / resolution, (y[1] - y[0]) / resolution];
  const parts: string[] = [];
  for (let row = 0; row < resolution; row++) {
    const [top, bottom] = [px(toY(y[0] + (row + 1) * height)), px(toY(y[0] + row * height))];
    for (let start = 0; start < resolution; start++) {
      if (!cells[row * resolution + start]) continue;
      let end = start + 1;
      while (end < resolution && cells[row * resolution + end]) end++;
      parts.push(
        `M${px(toX(x[0] + start * width))} ${top}H${px(toX(x[0] + end * width))}V${bottom}H${px(toX(x[0] + start * width))}z`,
      );
      start = end;
    }
  }
  return html`<path class="cell ${name}" d="${parts.join("")}"/>`;
}

function marks(rows: readonly number[], groups: ArrayLike<number>, at: (row: number) => string): Markup[] {
  const byGroup = new Map<number, number[]>();
  for (const row of rows) {
    const members = byGroup.get(groups[row]!);
    if (members) members.push(row);
    else byGroup.set(groups[row]!, [row]);
  }
  return [...byGroup]
    .sort(([a], [b]) => a - b)
    .map(
      ([group, members]) =>
        html`<path class="point ${hueClass(group)}" d="${members.map((row) => at(row) + shapeOf(group)).join("")}"/>`,
    );
}

function middleOf(values: Float64Array): readonly [number, number] {
  const sorted = values.sort();
  const skipped = Math.floor(((1 - MIDDLE) / 2) * (sorted.length - 1));
  const [low, high] = [sorted[skipped]!, sorted[sorted.length - 1 - skipped]!];
  const margin = MARGIN * (high - low) || 1;
  return [low - margin, high + margin];
}

function rowsOf({ shape, data }: NdArray): number[][] {
  const [rows = 0, width = 0] = shape;
  return Array.from({ length: rows }, (_, row) => Array.from(data.slice(row * width, (row + 1) * width)));
}

function requirePoints({ points, labels, range }: PlanePicture, resolution: number): void {
  if (points.shape.length !== 2 || points.shape[1] !== 2) throw rankMismatch("points", "[n, 2]", points.shape);
  const count = matrixRows("points", points).rows;
  if (labels) {
    if (labels.length !== count) throw lengthsDiffer("labels", labels.length, "points", count);
    for (let row = 0; row < count; row++) {
      if (!Number.isInteger(labels[row])) throw labelNotInteger("labels", row, labels[row]);
    }
  }
  if (!Number.isInteger(resolution) || resolution < 2 || resolution > 400) {
    throw settingInvalid("resolution", "a whole number from 2 to 400", resolution);
  }
  for (const [axis, shown] of Object.entries(range ?? {})) {
    const [low, high] = shown;
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
      throw settingInvalid(`range.${axis}`, "[low, high] with low < high", `[${shown.join(", ")}]`);
    }
  }
}

/** Light paper: a picture goes into documents whose colours it does not know. */
const STYLE = `
svg{background:#fff}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:#59626d}
.label{fill:#1b1f24}
.rule{display:none}
.tick,.axis{fill:none;stroke:#59626d}
.cell{shape-rendering:crispEdges}
.point{fill-opacity:.55}
${HUES.light.map((hue, index) => `.h${index}{fill:${hue}}`).join("")}
`;
