import { clip, html, type Markup, name } from "./markup.js";
import type { ReportInput } from "./report-input.js";
import { section } from "./section.js";
import { showJob } from "./show-job.js";

/** What was run, and on what: enough to run it again. */
export function setupSection({ job, environment }: Pick<ReportInput, "job" | "environment">): Markup {
  const entries = Object.entries(environment);
  return section(
    "setup",
    "How to run it again",
    [
      html`<details open><summary>Job</summary><pre dir="ltr">${clip(showJob(job), 20_000)}</pre></details>`,
      html`<details><summary>Environment</summary>${
        entries.length === 0
          ? html`<p class="empty">Nothing was recorded.</p>`
          : html`<div class="scroll"><table><tbody>
${entries.map(
  ([key, value]) => html`<tr><th scope="row">${name(key)}</th><td>${name(value, 300)}</td></tr>
`,
)}</tbody></table></div>`
      }</details>`,
    ],
    "wide",
  );
}
