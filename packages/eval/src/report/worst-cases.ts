import { html, type Markup, name } from "./markup.js";
import { showNumber, showScore } from "./numbers.js";
import { badge } from "./palette.js";
import type { WorstCase } from "./report-input.js";
import { section } from "./section.js";

const MOST_SHOWN = 48;
const MOST_PIXELS = 128 * 128;
const GREYS = 15;

/** The rows to look at first. */
export function worstCasesSection(worst: readonly WorstCase[]): Markup {
  const title = "Least certain rows";
  if (worst.length === 0) return section("worst", title, "None were picked out.", "wide");
  const shown = worst.slice(0, MOST_SHOWN);
  return section(
    "worst",
    title,
    html`<ul class="cases">
${shown.map(
  (item) => html`<li>${item.picture === undefined ? undefined : inkPicture(item.picture, item.row)}<dl>
<div><dt>Row</dt><dd>${showNumber(item.row)}</dd></div>
<div><dt>Cluster</dt><dd>${badge(item.cluster)}</dd></div>
<div><dt>Confidence</dt><dd>${showScore(item.confidence)}</dd></div>
<div><dt>Next</dt><dd>${badge(item.runnerUp)}</dd></div>
${item.label === undefined ? undefined : html`<div><dt>Label</dt><dd>${name(item.label, 28)}</dd></div>`}</dl></li>
`,
)}</ul>${worst.length > shown.length ? html`<p>and ${showNumber(worst.length - shown.length)} more</p>` : undefined}`,
    "wide",
  );
}

/** A grey picture as runs of equal ink, one path for each grey: no pixel format, and it follows the page's colours. */
function inkPicture({ height, width, pixels }: NonNullable<WorstCase["picture"]>, row: number): Markup {
  if (pixels.length === 0 || pixels.length > MOST_PIXELS) {
    return html`<p class="empty">${width} × ${height} pixels, too large to draw</p>`;
  }
  const runs = Array.from({ length: GREYS + 1 }, () => [] as string[]);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; ) {
      const grey = greyOf(pixels[y * width + x]!);
      let end = x + 1;
      while (end < width && greyOf(pixels[y * width + end]!) === grey) end++;
      if (grey > 0) runs[grey]!.push(`M${x} ${y}h${end - x}v1h${x - end}z`);
      x = end;
    }
  }
  return html`<svg class="ink" viewBox="0 0 ${width} ${height}" role="img" aria-label="Picture of row ${row}" shape-rendering="crispEdges">${runs.map(
    (path, grey) =>
      path.length === 0 ? undefined : html`<path fill-opacity="${(grey / GREYS).toFixed(2)}" d="${path.join("")}"/>`,
  )}</svg>`;
}

/** 0 … 15; what is not a number is paper. */
const greyOf = (ink: number) => (ink > 0 ? Math.round(GREYS * Math.min(1, ink)) : 0);
