import { inkPicture } from "./ink-picture.js";
import { html, type Markup, name } from "./markup.js";
import { showNumber, showScore } from "./numbers.js";
import { badge } from "./palette.js";
import type { WorstCase } from "./report-input.js";
import { section } from "./section.js";

const MOST_SHOWN = 48;

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
