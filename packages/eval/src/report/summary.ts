import { clip, html, type Markup, name } from "./markup.js";
import { showNumber, showScore } from "./numbers.js";
import type { Baseline, Explanation, SummaryItem } from "./report-input.js";
import { section } from "./section.js";

/** The scores that matter, large. */
export function summarySection(items: readonly SummaryItem[]): Markup {
  if (items.length === 0) return section("summary", "Summary", "Nothing was scored.");
  return section(
    "summary",
    "Summary",
    html`<dl class="cards">
${items.map(
  ({ label, value, note }) => html`<div><dt>${name(label)}</dt><dd><strong>${name(value, 40)}</strong>${
    note === undefined ? undefined : html`<small>${name(note, 200)}</small>`
  }</dd></div>
`,
)}</dl>`,
  );
}

/** The scores beside those of a simpler method; nothing at all without one. */
export function baselineSection(baseline: Baseline | undefined): Markup | undefined {
  if (baseline === undefined) return undefined;
  const other = name(baseline.name, 24);
  return section(
    "baseline",
    html`Against ${other}`,
    html`<div class="scroll"><table>
<thead><tr><th scope="col">Measure</th><th scope="col" class="number">This run</th><th scope="col" class="number">${other}</th><th scope="col" class="number">Change</th></tr></thead>
<tbody>
${baseline.rows.map(
  (
    row,
  ) => html`<tr><th scope="row">${name(row.measure)}</th><td class="number">${showOf(row)(row.ours)}</td><td class="number">${showOf(row)(row.baseline)}</td><td class="number">${difference(row)}</td></tr>
`,
)}</tbody></table></div>`,
  );
}

/** What counts, such as used clusters, has no decimals. */
const showOf = ({ ours, baseline }: Baseline["rows"][number]) =>
  Number.isInteger(ours) && Number.isInteger(baseline) && Math.max(Math.abs(ours), Math.abs(baseline)) > 1
    ? showNumber
    : showScore;

function difference(row: Baseline["rows"][number]): Markup {
  const { ours, baseline, higherIsBetter, interval } = row;
  const change = ours - baseline;
  if (!Number.isFinite(change)) return html`–`;
  const show = showOf(row);
  const signed = (value: number) => `${value > 0 ? "+" : ""}${show(value)}`;
  const within = interval
    ? html`<small class="interval">${signed(interval.low)} to ${signed(interval.high)} (${Math.round(100 * interval.level)} %)</small>`
    : undefined;
  if (change === 0) return html`equal${within}`;
  const better = change > 0 === higherIsBetter;
  const certain = interval === undefined || interval.low > 0 || interval.high < 0;
  // The word carries the meaning; the colour only repeats it.
  const verdict = certain
    ? html`<span class="${better ? "better" : "worse"}">${better ? "better" : "worse"}</span>`
    : html`not shown to differ`;
  return html`${signed(change)} ${verdict}${within}`;
}

/** What the loss is and why it was chosen, with its formula and source; nothing at all where none is given. */
export function explanationSection({ what, why, formula, source }: Explanation): Markup | undefined {
  if (`${what}${why}${formula}${source}` === "") return undefined;
  const paragraph = (text: string) => html`<p dir="auto">${clip(text, 5000)}</p>`;
  return section("explanation", "What was trained", [
    ...(what === "" ? [] : [paragraph(what)]),
    ...(why === "" ? [] : [paragraph(why)]),
    ...(formula === "" ? [] : [html`<pre class="formula">${clip(formula, 5000)}</pre>`]),
    ...(source === "" ? [] : [html`<p class="source">Source: ${name(source, 600)}</p>`]),
  ]);
}

/** What a reader must know before trusting the numbers; nothing at all when there is nothing. */
export function warningsSection(warnings: readonly string[]): Markup | undefined {
  if (warnings.length === 0) return undefined;
  const shown = warnings.slice(0, 50);
  const rest = warnings.length - shown.length;
  return section(
    "warnings",
    warnings.length === 1 ? "One warning" : `${warnings.length} warnings`,
    html`<ul>
${shown.map((warning) => html`<li dir="auto">${clip(warning, 2000)}</li>`)}${
  rest === 0 ? undefined : html`<li>and ${rest} more</li>`
}</ul>`,
  );
}
