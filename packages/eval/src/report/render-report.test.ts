import { Key } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { DIGITS } from "../../test/digits.js";
import { expectSound, HOSTILE } from "../../test/expect-sound.js";
import { sampleReport } from "../../test/sample-report.js";
import { missing } from "../../test/shared.js";
import { renderReport } from "./render-report.js";
import type { ReportInput } from "./report-input.js";

const empty: ReportInput = {
  title: "A run",
  job: { task: "cluster" },
  environment: {},
  summary: [],
  lossCurve: [],
  clusters: [],
  confidence: [],
  worst: [],
  explanation: { what: "", why: "", formula: "", source: "" },
  warnings: [],
};

/** `rows` rows in `clusters` clusters, every text of them hostile. */
function hostileReport(rows: number, clusters: number): ReportInput {
  const stream = Key.fromSeed(1).stream();
  const names = (count: number) => Array.from({ length: count }, (_, i) => `${HOSTILE}${"w".repeat(300)}${i}`);
  return {
    ...empty,
    title: HOSTILE,
    job: { [HOSTILE]: HOSTILE, list: Array.from({ length: 500 }, () => HOSTILE) },
    environment: { [HOSTILE]: HOSTILE.repeat(1000) },
    summary: [{ label: HOSTILE, value: HOSTILE, note: HOSTILE }],
    baseline: { name: HOSTILE, rows: [{ measure: HOSTILE, ours: Number.NaN, baseline: 1, higherIsBetter: true }] },
    lossCurve: Array.from({ length: 50_000 }, (_, step) => ({
      step,
      loss: step % 7 === 0 ? Number.NaN : stream.normal(),
    })),
    clusters: Array.from({ length: clusters }, (_, index) => ({
      index,
      size: index % 3 === 0 ? 0 : stream.integer(100),
      meanConfidence: index % 3 === 0 ? Number.NaN : 0.5,
    })),
    confidence: Array.from({ length: rows }, () => stream.uniform()),
    confusion: {
      rowNames: names(clusters),
      columnNames: names(clusters),
      counts: Array.from({ length: clusters }, () => Array.from({ length: clusters }, () => stream.integer(3))),
    },
    projection: {
      x: Array.from({ length: rows }, () => stream.normal()),
      y: Array.from({ length: rows }, () => stream.normal()),
      cluster: Array.from({ length: rows }, () => stream.integer(clusters)),
      label: names(rows),
      explained: [0.4, 0.1],
    },
    worst: Array.from({ length: 60 }, (_, row) => ({
      row,
      cluster: row,
      confidence: 0.2,
      runnerUp: 1,
      label: HOSTILE,
      picture: { height: 28, width: 28, pixels: Array.from({ length: 784 }, () => stream.uniform()) },
    })),
    explanation: { what: HOSTILE, why: HOSTILE, formula: HOSTILE, source: HOSTILE },
    warnings: Array.from({ length: 200 }, () => HOSTILE),
  };
}

describe("renderReport", () => {
  it("calls the groups of its projection classes where those are named", () => {
    const projection = { x: [0, 1, 2], y: [0, 1, 0], cluster: [0, 1, 1], explained: [0.5, 0.5] };
    const named = renderReport({ ...empty, projection: { ...projection, classes: ["three", "<nine>"] } });
    expect(named).toContain("3 rows in 2 classes.");
    expect(named).toContain("&lt;nine&gt;");
    expect(named).toContain("Names stand at the median of their class.");
    const plain = renderReport({ ...empty, projection });
    expect(plain).toContain("3 rows in 2 clusters.");
    expect(plain).toContain("Numbers stand at the median of their cluster.");
  });

  const absent = missing(DIGITS);
  it.skipIf(absent !== undefined)(`shows the digits${absent === undefined ? "" : ` (skipped: ${absent})`}`, () => {
    const input = sampleReport();
    const page = renderReport(input);
    expectSound(page);
    expect(renderReport(input)).toBe(page);
    expect(page).toContain("3,000 of 3,823 rows are drawn");
    for (const title of ["Loss", "Confidence", "Cluster sizes", "Classes and clusters", "Projection"]) {
      expect(page).toContain(`<h2>${title}</h2>`);
    }
    expect(page.match(/class="ink"/g)).toHaveLength(12);
    expect(page.length).toBeLessThan(400_000);
  });

  it("survives hostile names, 500 clusters and 10,000 rows in less than 2 MB", () => {
    const page = renderReport(hostileReport(10_000, 500));
    expectSound(page.replaceAll("&lt;img src=x", ""));
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).toContain("3,000 of 10,000 rows are drawn");
    expect(page).toContain("the first 200 of 500 clusters");
  });

  it("keeps hostile names apart from their neighbours in a table of few clusters too", () => {
    const page = renderReport(hostileReport(100, 5));
    expectSound(page.replaceAll("&lt;img src=x", ""));
    expect(page).toContain('<th scope="row"><bdi');
    // A job is read as code: marks that reorder text are spelt out.
    expect(page.slice(page.indexOf('<section id="setup"'))).toContain("\\u202e");
  });

  it("says what there is not, instead of drawing it", () => {
    const page = renderReport(empty);
    expectSound(page);
    for (const text of [
      "Nothing was scored",
      "No losses were recorded",
      "There are no clusters",
      "There are no posteriors",
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain("Projection");
    expect(page).not.toContain("Classes and clusters");
    expectSound(
      renderReport({
        ...empty,
        title: " ",
        confusion: { rowNames: [], columnNames: [], counts: [] },
        projection: { x: [], y: [], cluster: [], explained: [] },
      }),
    );
  });

  it("draws one cluster, one step and coinciding points", () => {
    const page = renderReport({
      ...empty,
      lossCurve: [{ step: 5, loss: 2 }],
      clusters: [{ index: 0, size: 3, meanConfidence: 1 }],
      confidence: [1, 1, 1],
      projection: { x: [1, 1, 1], y: [2, 2, 2], cluster: [0, 0, 0], explained: [0, 0] },
    });
    expectSound(page);
    expect(page).toContain("Last 2 at step 5");
  });

  it("reports a run that diverged", () => {
    const losses = [1, Number.NaN, Number.POSITIVE_INFINITY, 1e308, -1e308];
    const page = renderReport({
      ...empty,
      lossCurve: losses.map((loss, step) => ({ step, loss })),
      confidence: [Number.NaN, -1, 2, 0.5],
      projection: { x: [Number.NaN, 0, 1], y: [0, 0, 1], cluster: [0, 0, 1], explained: [] },
      worst: [{ row: 0, cluster: 0, confidence: Number.NaN, runnerUp: 1 }],
    });
    expectSound(page);
    expect(page).toContain("2 of 5 recorded losses were not finite");
    expect(page).toContain("3 values were not probabilities");
    expect(page).toContain("without finite coordinates: 1");
    expect(renderReport({ ...empty, lossCurve: [{ step: 0, loss: Number.NaN }] })).toContain(
      "No recorded loss was finite",
    );
  });

  it.each([
    ["confusion", { confusion: { rowNames: ["a"], columnNames: ["b", "c"], counts: [[1]] } }],
    ["projection", { projection: { x: [1], y: [1, 2], cluster: [0], explained: [] } }],
    [
      "worst, row 7",
      { worst: [{ row: 7, cluster: 0, confidence: 1, runnerUp: 1, picture: { height: 2, width: 2, pixels: [1] } }] },
    ],
    [
      "view PCA",
      { neighbours: { views: [{ name: "PCA", before: { x: [1], y: [1] }, after: { x: [], y: [] }, classes: [0] }] } },
    ],
    [
      "sheet of row 1, row 2",
      {
        neighbours: {
          sheets: [
            {
              query: { row: 1 },
              found: [{ row: 2, distance: 0, hit: true, picture: { height: 2, width: 2, pixels: [1] } }],
            },
          ],
        },
      },
    ],
  ] as const)("refuses arrays that do not belong together: %s", (where, part) => {
    expect(() => renderReport({ ...empty, ...(part as Partial<ReportInput>) })).toThrow(
      expect.objectContaining({ code: "REPORT_INPUT_INCONSISTENT", where }),
    );
  });

  it("finishes when the numbers of forty clusters fall on one spot", () => {
    const cluster = Array.from({ length: 400 }, (_, row) => row % 40);
    const zeros = cluster.map(() => 0);
    expectSound(renderReport({ ...empty, projection: { x: zeros, y: zeros, cluster, explained: [] } }));
  });
});
