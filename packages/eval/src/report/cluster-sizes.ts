import { chart, picture } from "./chart.js";
import { html, type Markup } from "./markup.js";
import { showNumber, showScore, showShare } from "./numbers.js";
import { badge, hueClass } from "./palette.js";
import type { ClusterRow } from "./report-input.js";
import { section } from "./section.js";
import { axisOf, px } from "./ticks.js";

// More bars than this are too thin to name.
const MOST_NAMED = 24;
const MOST_LISTED = 1000;

/** How many rows each cluster holds, and how sure of them the model is. */
export function clusterSizesSection(clusters: readonly ClusterRow[]): Markup {
  if (clusters.length === 0) return section("sizes", "Cluster sizes", "There are no clusters.");
  const total = clusters.reduce((sum, { size }) => sum + size, 0);
  const empty = clusters.filter(({ size }) => size === 0).length;
  const bySize = [...clusters].sort((a, b) => b.size - a.size || a.index - b.index);
  const used = clusters.length - empty;
  const caption = `Clusters in use: ${showNumber(used)} of ${showNumber(clusters.length)}, with ${showNumber(total)} rows in all. The largest has ${showNumber(bySize[0]!.size)}, the smallest ${showNumber(bySize.at(-1)!.size)}.`;
  const heading = { id: "sizes-chart", title: "Rows in each cluster", description: caption };
  return section("sizes", "Cluster sizes", [
    html`<figure>${clusters.length <= MOST_NAMED ? bars(heading, clusters, total) : ranks(heading, bySize)}<figcaption>${caption}${
      clusters.length <= MOST_NAMED ? undefined : " Sorted by size; the table names them."
    }</figcaption></figure>`,
    table(clusters, total),
  ]);
}

type Heading = { readonly id: string; readonly title: string; readonly description: string };

const ROW = 26;
const BAR_FROM = 44;
const BAR_TO = 300;

function bars(heading: Heading, clusters: readonly ClusterRow[], total: number): Markup {
  const largest = clusters.reduce((most, { size }) => Math.max(most, size), 1);
  return picture(heading, 520, clusters.length * ROW + 24, [
    html`<text class="label" x="${BAR_FROM}" y="14">rows, share, mean confidence</text>`,
    ...clusters.map(({ index, size, meanConfidence }, row) => {
      const y = 24 + row * ROW;
      const width = (Math.max(0, size) / largest) * (BAR_TO - BAR_FROM);
      const text =
        size === 0 ? "empty" : `${showNumber(size)} · ${showShare(size / total)} · ${showScore(meanConfidence)}`;
      return html`<text x="${BAR_FROM - 8}" y="${y + 13}" dy=".1em" text-anchor="end">${index}</text>
<path class="axis" d="M${BAR_FROM} ${y}v${ROW}"/><path class="${hueClass(index)}" d="M${BAR_FROM} ${y + 4}h${px(width)}v${ROW - 9}h-${px(width)}z"/>
<text class="value" x="${px(BAR_FROM + width + 7)}" y="${y + 13}" dy=".1em">${text}</text>`;
    }),
  ]);
}

function ranks(heading: Heading, bySize: readonly ClusterRow[]): Markup {
  return chart({
    ...heading,
    x: axisOf(0, bySize.length),
    y: axisOf(0, Math.max(1, bySize[0]!.size)),
    xLabel: "clusters, largest first",
    yLabel: "rows",
    draw: (toX, toY) => {
      const steps = bySize.map(({ size }, rank) => `V${px(toY(size))}H${px(toX(rank + 1))}`).join("");
      return html`<path class="area" d="M${px(toX(0))} ${px(toY(0))}${steps}V${px(toY(0))}z"/>`;
    },
  });
}

function table(clusters: readonly ClusterRow[], total: number): Markup {
  const shown = clusters.slice(0, MOST_LISTED);
  const rest = clusters.length - shown.length;
  return html`<details><summary>Table of clusters</summary><div class="scroll"><table>
<thead><tr><th scope="col">Cluster</th><th scope="col" class="number">Rows</th><th scope="col" class="number">Share</th><th scope="col" class="number">Mean confidence</th></tr></thead>
<tbody>
${shown.map(
  ({ index, size, meanConfidence }) =>
    html`<tr><th scope="row">${badge(index)}</th><td class="number">${showNumber(size)}</td><td class="number">${
      total === 0 ? "–" : showShare(size / total)
    }</td><td class="number">${size === 0 ? "–" : showScore(meanConfidence)}</td></tr>
`,
)}</tbody></table></div>${rest === 0 ? undefined : html`<p>and ${showNumber(rest)} more clusters</p>`}</details>`;
}
