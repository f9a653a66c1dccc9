import { expect, it } from "vitest";
import { expectSound, HOSTILE } from "../../test/expect-sound.js";
import { renderReport } from "./render-report.js";
import type { ScoreCurves } from "./report-input.js";

const render = (scoreCurves: ScoreCurves) => {
  const page = renderReport({
    title: "A run",
    job: {},
    environment: {},
    summary: [],
    lossCurve: [],
    explanation: { what: "", why: "", formula: "", source: "" },
    warnings: [],
    scoreCurves,
  });
  expectSound(page.replaceAll("&lt;img src=x", ""));
  return page;
};
const points = (...scores: number[]) => scores.map((score, at) => ({ epoch: at + 1, score }));

it("draws a line and a mark for each measure, and the epoch that was kept", () => {
  const page = render({
    lines: [
      { name: "map-at-r", points: points(0.5, 0.8, 0.7) },
      { name: HOSTILE, points: points(0.9, Number.NaN, 0.95) },
    ],
    kept: 2,
    note: "Of rows held out.",
  });
  expect(page).toContain("<h2>Scores over the epochs</h2>");
  expect(page.match(/class="curve h[01]"/g)).toHaveLength(2);
  // A score that is no number is left out, not drawn at 0.
  expect(page).toMatch(/class="curve h1" d="M[^L]*L[^L]*"/);
  expect(page).toContain("kept: epoch 2");
  const start = {
    lines: [
      {
        name: "map-at-r",
        points: [
          { epoch: 0, score: 0.9 },
          { epoch: 1, score: 0.5 },
        ],
      },
    ],
    kept: 0,
  };
  expect(render(start)).toContain("kept: the start");
  expect(page).toContain("map-at-r 0.700");
  expect(page).toContain("Of rows held out. At the last epoch");
});

it("is nothing without a score, and manages one epoch, one value and many lines", () => {
  expect(render({ lines: [{ name: "nmi", points: points(Number.NaN) }] })).not.toContain("Scores over");
  expect(render({ lines: [] })).not.toContain("Scores over");
  expect(render({ lines: [{ name: "nmi", points: points(0.5) }] })).toContain("nmi 0.500");
  expect(render({ lines: [{ name: "nmi", points: points(...new Array(300).fill(0.5)) }], kept: 900 })).toContain("nmi");
  const many = render({ lines: Array.from({ length: 30 }, (_, at) => ({ name: `m${at}`, points: points(0, 1) })) });
  expect(many.match(/class="curve /g)).toHaveLength(10);
});
