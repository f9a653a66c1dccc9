import { describeLevels, levelSetsChart } from "../pictures/level-sets.js";
import { functionCurves } from "./function-curves.js";
import { html, type Markup, name } from "./markup.js";
import { pairDistancesSection } from "./pair-distances.js";
import { planeViewsSection } from "./plane-views.js";
import type { NeighbourReport } from "./report-input.js";
import { retrievalSheetsSection } from "./retrieval-sheets.js";
import { section } from "./section.js";

/** What was learned about neighbours: rows in the plane, distances of pairs, what queries retrieve, and functions of the plane. */
export function neighbourSections(report: NeighbourReport = {}): readonly Markup[] {
  return [
    planeViewsSection(report),
    pairDistancesSection(report),
    functionsSection(report),
    retrievalSheetsSection(report),
  ].filter((part) => part !== undefined);
}

function functionsSection({ levels = [], curves = [] }: NeighbourReport): Markup | undefined {
  if (levels.length + curves.length === 0) return undefined;
  const pictures = levels.map((sets, at) => {
    const chart = levelSetsChart(sets, { id: `levels-${at}`, title: sets.title });
    return html`<figure>${chart}<figcaption>${name(sets.title, 160)}: ${describeLevels(sets)}${
      sets.anchor === undefined ? "" : "; the cross is where the divergence is measured from"
    }.</figcaption></figure>`;
  });
  const title = levels.length > 0 ? "Level sets" : "What was learned along a line";
  return section(
    "levels",
    title,
    html`<div class="pair">${[...pictures, ...curves.map(functionCurves)]}</div>`,
    "wide",
  );
}
