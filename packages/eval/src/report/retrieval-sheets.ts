import { inkPicture } from "./ink-picture.js";
import { html, type Markup, name } from "./markup.js";
import { showNumber } from "./numbers.js";
import type { RetrievalSheet, SheetItem } from "./report-input.js";
import { section } from "./section.js";

const MOST_SHEETS = 24;
const MOST_FOUND = 10;

/** Queries with the rows that they retrieve, hits and misses told apart in words and colour. */
export function retrievalSheetsSection(sheets: readonly RetrievalSheet[] | undefined): Markup | undefined {
  if (sheets === undefined || sheets.length === 0) return undefined;
  const shown = sheets.slice(0, MOST_SHEETS);
  const rest = sheets.length - shown.length;
  return section(
    "sheets",
    "What queries retrieve",
    html`<p class="caption">Each line is a query and the rows nearest to it, the nearest first.</p>
${shown.map(
  ({ query, found }) => html`<ul class="sheet"><li class="query">${item(query)}<small>query</small></li>
${found.slice(0, MOST_FOUND).map(
  (
    each,
  ) => html`<li class="${each.hit ? "hit" : "miss"}">${item(each)}<small>${each.hit ? "✓ hit" : "✗ miss"} · ${showNumber(each.distance)}</small></li>
`,
)}</ul>
`,
)}${rest > 0 ? html`<p>and ${showNumber(rest)} more</p>` : undefined}`,
    "wide",
  );
}

function item({ row, label, picture }: SheetItem): Markup {
  return html`${picture === undefined ? undefined : inkPicture(picture, row)}<span>row ${showNumber(row)}</span>${
    label === undefined ? undefined : html`<span>${name(label, 28)}</span>`
  }`;
}
