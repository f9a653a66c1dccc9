import { inkPicture } from "./ink-picture.js";
import { html, type Markup, name } from "./markup.js";
import { showNumber } from "./numbers.js";
import type { FoundItem, NeighbourReport, RetrievalSheet, SheetItem } from "./report-input.js";
import { section } from "./section.js";

const MOST_SHEETS = 24;
const MOST_FOUND = 10;

type Sheets = Pick<NeighbourReport, "sheets" | "sheetsNote" | "sides">;

/** Queries with the rows that they retrieve, hits and misses told apart in words and colour. */
export function retrievalSheetsSection({ sheets, sheetsNote, sides }: Sheets): Markup | undefined {
  if (sheets === undefined || sheets.length === 0) return undefined;
  const shown = sheets.slice(0, MOST_SHEETS);
  const rest = sheets.length - shown.length;
  const pictures = shown.some(({ query }) => query.picture !== undefined);
  return section(
    "sheets",
    "What queries retrieve",
    html`<p class="caption">For each query the rows nearest to it, the nearest first. ${sheetsNote}</p>
${shown.map((sheet) => (pictures ? asCards(sheet, sides) : asTables(sheet, sides)))}${
  rest > 0 ? html`<p>and ${showNumber(rest)} more</p>` : undefined
}`,
    "wide",
  );
}

interface Side {
  readonly heading: string;
  readonly found: readonly FoundItem[];
}

/** After first: it is what the report is of. */
function sidesOf({ found, before }: RetrievalSheet, sides: Sheets["sides"]): Side[] {
  const of = (side: "before" | "after") => (sides === undefined ? "" : `: ${sides[side]}`);
  return [
    ...(before === undefined ? [] : [{ heading: `Before${of("before")}`, found: before.slice(0, MOST_FOUND) }]),
    {
      heading: before === undefined && sides === undefined ? "" : `After${of("after")}`,
      found: found.slice(0, MOST_FOUND),
    },
  ];
}

function counted({ heading, found }: Side): string {
  const judged = found.filter(({ hit }) => hit !== undefined);
  const hits = judged.filter(({ hit }) => hit).length;
  const known = judged.length < found.length ? " known" : "";
  const count = judged.length === 0 ? "" : `${hits} of ${judged.length}${known} are hits`;
  return [heading, count].filter((part) => part !== "").join("; ");
}

function asCards(sheet: RetrievalSheet, sides: Sheets["sides"]): Markup {
  return html`<div class="retrieval"><ul class="sheet"><li class="query">${item(sheet.query)}<small>query</small></li></ul><div>
${sidesOf(sheet, sides).map(
  (side) => html`<p class="side">${name(counted(side), 160)}</p><ul class="sheet">${side.found.map(
    (
      each,
    ) => html`<li class="${kindOf(each)}">${item(each)}<small>${markOf(each)} · ${showNumber(each.distance)}</small></li>
`,
  )}</ul>
`,
)}</div></div>
`;
}

function asTables(sheet: RetrievalSheet, sides: Sheets["sides"]): Markup {
  const { row, name: own, label } = sheet.query;
  return html`<div class="retrieval-text"><p>Query ${own === undefined ? html`row ${showNumber(row)}` : html`<strong>${name(own, 160)}</strong>`}${
    label === undefined ? undefined : html` (${name(label, 60)})`
  }</p><div class="pair">
${sidesOf(sheet, sides).map(
  (
    side,
  ) => html`<div class="scroll"><table><caption>${name(counted(side), 160)}</caption><thead><tr><th scope="col">Hit</th><th scope="col" class="number">Divergence</th><th scope="col">Row</th>${
    label === undefined ? undefined : html`<th scope="col">Class</th>`
  }</tr></thead>
<tbody>${side.found.map(
    (
      each,
    ) => html`<tr class="${kindOf(each)}"><td>${markOf(each)}</td><td class="number">${showNumber(each.distance)}</td><td>${
      each.name === undefined ? showNumber(each.row) : name(each.name, 90)
    }</td>${label === undefined ? undefined : html`<td>${name(each.label ?? "", 40)}</td>`}</tr>
`,
  )}</tbody></table></div>
`,
)}</div></div>
`;
}

const kindOf = ({ hit }: FoundItem) => (hit === undefined ? "unknown" : hit ? "hit" : "miss");
const markOf = ({ hit }: FoundItem) => (hit === undefined ? "–" : hit ? "✓ hit" : "✗ miss");

function item({ row, name: own, label, picture }: SheetItem): Markup {
  return html`${picture === undefined ? undefined : inkPicture(picture, row)}<span>${
    own === undefined ? html`row ${showNumber(row)}` : name(own, 28)
  }</span>${label === undefined ? undefined : html`<span>${name(label, 28)}</span>`}`;
}
