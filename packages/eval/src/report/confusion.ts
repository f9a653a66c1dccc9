import { picture } from "./chart.js";
import { html, type Markup, name } from "./markup.js";
import { showNumber } from "./numbers.js";
import type { ConfusionTable } from "./report-input.js";
import { section } from "./section.js";

const MOST_ROWS_AS_TABLE = 40;
const MOST_COLUMNS_AS_TABLE = 24;
const MOST_IN_PICTURE = 200;
const LEVELS = 8;

/** 0 for nothing, 1 … 8 for shares above 0: a single row of a class must not look like none. */
const levelOf = (count: number, total: number) =>
  count > 0 && total > 0 ? Math.max(1, Math.round((LEVELS * count) / total)) : 0;
const totalOf = (row: readonly number[]) => row.reduce((sum, count) => sum + count, 0);

/** Classes against clusters. Shades are shares of a class, so that small classes read like large ones. */
export function confusionSection(table: ConfusionTable | undefined): Markup | undefined {
  if (table === undefined) return undefined;
  const title = "Classes and clusters";
  const { rowNames, columnNames } = table;
  if (rowNames.length === 0 || columnNames.length === 0) return section("confusion", title, "There are no labels.");
  const small = rowNames.length <= MOST_ROWS_AS_TABLE && columnNames.length <= MOST_COLUMNS_AS_TABLE;
  return section("confusion", title, small ? asTable(table) : asPicture(table));
}

function asTable({ rowNames, columnNames, counts }: ConfusionTable): Markup {
  return html`<p class="caption" id="confusion-caption">Rows of each class (down) in each cluster (across). The stronger the colour, the larger the share of its class.</p>
<div class="scroll"><table class="confusion" aria-describedby="confusion-caption">
<thead><tr><td></td>${columnNames.map((column) => html`<th scope="col" class="number">${name(column, 12)}</th>`)}</tr></thead>
<tbody>
${counts.map((row, i) => {
  const total = totalOf(row);
  return html`<tr><th scope="row">${name(rowNames[i]!, 24)}</th>${row.map(
    (count) =>
      html`<td class="number s${levelOf(count, total)}">${count === 0 ? html`<span class="nothing">·</span>` : showNumber(count)}</td>`,
  )}</tr>
`;
})}</tbody></table></div>`;
}

/** The first 200 of each side as shaded squares, one path for each shade. */
function asPicture({ rowNames, columnNames, counts }: ConfusionTable): Markup {
  const rows = Math.min(MOST_IN_PICTURE, rowNames.length);
  const columns = Math.min(MOST_IN_PICTURE, columnNames.length);
  const paths = Array.from({ length: LEVELS + 1 }, () => [] as string[]);
  for (let i = 0; i < rows; i++) {
    const total = totalOf(counts[i]!);
    for (let j = 0; j < columns; j++) {
      const level = levelOf(counts[i]![j]!, total);
      if (level > 0) paths[level]!.push(`M${j} ${i}h1v1h-1z`);
    }
  }
  const cut =
    rows === rowNames.length && columns === columnNames.length
      ? ""
      : ` Shown are the first ${rows} of ${showNumber(rowNames.length)} classes and the first ${columns} of ${showNumber(columnNames.length)} clusters.`;
  const description = `${showNumber(rowNames.length)} classes down, ${showNumber(columnNames.length)} clusters across; the stronger the colour, the larger the share of its class.${cut}`;
  const heading = { id: "confusion-chart", title: "Classes and clusters as shaded squares", description };
  return html`<figure class="heat">${picture(heading, columns, rows, [
    html`<path class="frame" d="M0 0H${columns}V${rows}H0z"/>`,
    ...paths.map((path, level) => (path.length === 0 ? html`` : html`<path class="f${level}" d="${path.join("")}"/>`)),
  ])}<figcaption>${description} The first class is ${name(rowNames[0]!, 24)}.</figcaption></figure>`;
}
