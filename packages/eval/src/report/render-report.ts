import { checkInput } from "./check-input.js";
import { clusterSizesSection } from "./cluster-sizes.js";
import { confidenceSection } from "./confidence-histogram.js";
import { confusionSection } from "./confusion.js";
import { lossCurveSection } from "./loss-curve.js";
import { clip, html, Markup, name } from "./markup.js";
import { neighbourSections } from "./neighbours.js";
import { projectionSection } from "./projection.js";
import type { ReportInput } from "./report-input.js";
import { scoreCurvesSection } from "./score-curves.js";
import { setupSection } from "./setup.js";
import { STYLESHEET } from "./stylesheet.js";
import { baselineSection, explanationSection, summarySection, warningsSection } from "./summary.js";
import { worstCasesSection } from "./worst-cases.js";

// Nothing may be fetched and nothing may run, whatever a label says: the escaping is the lock, this is the second one.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * A run as one HTML file: styles and pictures inside, no script, no address to load from. The same input gives the same bytes.
 *
 * Everything that came from outside (labels, names, the job) is escaped and cut to a readable length; values that are not
 * finite are left out of pictures and counted in their captions. About 0.3 MB for 10,000 rows.
 *
 * @throws DataError REPORT_INPUT_INCONSISTENT when arrays that belong together differ in length.
 */
export function renderReport(input: ReportInput): string {
  checkInput(input);
  const title = input.title.trim() === "" ? "Report" : input.title;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${clip(title, 120)}</title>
<style>${new Markup(STYLESHEET)}</style>
</head>
<body>
<main>
<header><h1>${name(title, 160)}</h1></header>
${warningsSection(input.warnings)}
${summarySection(input.summary)}
${explanationSection(input.explanation)}
${baselineSection(input.baseline)}
${projectionSection(input.projection)}
${neighbourSections(input.neighbours)}
${lossCurveSection(input.lossCurve, input.lossMeaning)}
${scoreCurvesSection(input.scoreCurves)}
${input.confidence === undefined ? undefined : confidenceSection(input.confidence)}
${input.clusters === undefined ? undefined : clusterSizesSection(input.clusters)}
${confusionSection(input.confusion)}
${input.worst === undefined ? undefined : worstCasesSection(input.worst)}
${setupSection(input)}
</main>
</body>
</html>
`.text;
}
