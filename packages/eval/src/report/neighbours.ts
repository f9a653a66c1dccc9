import { levelSetsChart } from "../pictures/level-sets.js";
import { html, type Markup, name } from "./markup.js";
import { pairDistancesSection } from "./pair-distances.js";
import { planeViewsSection } from "./plane-views.js";
import type { NeighbourReport } from "./report-input.js";
import { retrievalSheetsSection } from "./retrieval-sheets.js";
import { section } from "./section.js";

/** What was learned about neighbours: rows in the plane, distances of pairs, what queries retrieve, and functions of the plane. */
export function neighbourSections(report: NeighbourReport | undefined): readonly Markup[] {
  const { views, distances, sheets, levels } = report ?? {};
  return [
    planeViewsSection(views),
    pairDistancesSection(distances),
    levelSetsSection(levels),
    retrievalSheetsSection(sheets),
  ].filter((part) => part !== undefined);
}

function levelSetsSection(levels: NeighbourReport["levels"]): Markup | undefined {
  if (levels === undefined || levels.length === 0) return undefined;
  const pictures = levels.map((sets, at) => {
    const chart = levelSetsChart(sets, { id: `levels-${at}`, title: sets.title });
    return html`<figure>${chart}<figcaption>${name(sets.title, 120)}: lines of equal value, the stronger the higher${
      sets.anchor === undefined ? "" : "; the cross is where the divergence is measured from"
    }.</figcaption></figure>`;
  });
  return section("levels", "Level sets", html`<div class="pair">${pictures}</div>`, "wide");
}
