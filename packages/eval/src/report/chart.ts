import { html, Markup } from "./markup.js";
import { type Axis, px, scaleOf } from "./ticks.js";

export interface ChartOptions {
  /** A name that no other chart of the page has: ids are made of it. */
  readonly id: string;
  readonly title: string;
  /** What the picture says, for those who do not see it. */
  readonly description: string;
  readonly width?: number;
  readonly height?: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly xLabel: string;
  readonly yLabel: string;
  /** A style sheet of its own, for a picture that stands alone in a file. */
  readonly style?: string;
  readonly draw: (x: (value: number) => number, y: (value: number) => number) => Markup | readonly Markup[];
}

const MARGIN = { top: 26, right: 24, bottom: 46, left: 62 };

interface Heading {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly style?: string;
}

/** An accessible inline SVG: the role, title and description that every picture of the report has. */
export function picture(
  { id, title, description, style }: Heading,
  width: number,
  height: number,
  content: Markup | readonly Markup[],
): Markup {
  const alone =
    style === undefined ? undefined : html` xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`;
  const sheet = style === undefined ? undefined : html`<style>${new Markup(style)}</style>`;
  return html`<svg${alone} viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${sheet}
${content}</svg>`;
}

/** Axes with grid lines and labels around what `draw` returns. */
export function chart(options: ChartOptions): Markup {
  const { x, y, xLabel, yLabel, width = 520, height = 320 } = options;
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
  const toX = scaleOf(x, left, right);
  const toY = scaleOf(y, bottom, top);
  const rules = [
    ...y.ticks.map(({ at }) => html`<path class="rule" d="M${left} ${px(toY(at))}H${right}"/>`),
    ...x.ticks.map(({ at }) => html`<path class="tick" d="M${px(toX(at))} ${bottom}v5"/>`),
  ];
  const texts = [
    ...y.ticks.map(
      ({ at, text }) => html`<text x="${left - 8}" y="${px(toY(at))}" dy=".32em" text-anchor="end">${text}</text>`,
    ),
    ...x.ticks.map(
      ({ at, text }) => html`<text x="${px(toX(at))}" y="${bottom + 19}" text-anchor="middle">${text}</text>`,
    ),
  ];
  return picture(options, width, height, [
    ...rules,
    html`<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`,
    ...texts,
    html`<text class="label" x="${(left + right) / 2}" y="${height - 6}" text-anchor="middle">${xLabel}</text>`,
    // On top of the axis and upright: a rotated label is hard to read.
    html`<text class="label" x="4" y="14">${yLabel}</text>`,
    ...[options.draw(toX, toY)].flat(),
  ]);
}
